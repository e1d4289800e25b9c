"""A real Janus for tests: free ports, own folder, ended by its process id."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from janus.configuration import JanusServerConfig, own_address
from janus.server import JanusServer


@contextmanager
def running_janus(folder: Path, **config: Any) -> Iterator[JanusServer]:
    """`config`: fields of JanusServerConfig that differ from the default."""
    server = JanusServer(JanusServerConfig(**{"address": own_address(), **config}), folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()


def udp_socket(address: str = "127.0.0.1") -> socket.socket:
    """A non-blocking UDP socket on a free port."""
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind((address, 0))
    receiver.setblocking(False)
    return receiver
