"""Which TCP ports are free."""

import contextlib
import random
import socket

# Below 32768, from where on Linux takes the ports of outgoing connections: one could take ours meanwhile.
PRIVATE_PORTS = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Nothing listens on it on loopback, neither on IPv4 nor on IPv6, which browsers try first."""
    return _can_bind(socket.AF_INET, "127.0.0.1", port) and (
        not _has_ipv6_loopback() or _can_bind(socket.AF_INET6, "::1", port)
    )


def free_port() -> int:
    candidates = random.sample(PRIVATE_PORTS, k=50)
    return next(port for port in candidates if is_free(port))


def next_free_port(port: int) -> int:
    return next(candidate for candidate in range(port + 1, port + 1_000) if is_free(candidate))


def _has_ipv6_loopback() -> bool:
    return socket.has_ipv6 and _can_bind(socket.AF_INET6, "::1", 0)


def _can_bind(family: socket.AddressFamily, address: str, port: int) -> bool:
    with contextlib.closing(socket.socket(family, socket.SOCK_STREAM)) as probe:
        # As the servers do it: connections of an earlier run that are still winding down are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except PermissionError:
            raise
        except OSError:
            return False
        return True
