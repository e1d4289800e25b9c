import socket

import pytest

from hopin_backstage.run.__main__ import port_number
from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.ports import PRIVATE_PORTS, free_port, is_free, next_free_port


def test_port_with_a_listener_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        assert not is_free(port)
        assert next_free_port(port - 1) != port
    assert is_free(port)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_listener_on_ipv6_alone_takes_it_too() -> None:
    """`localhost` means ::1 first to a browser, so the reader would see the other program."""
    with socket.socket(socket.AF_INET6) as listener:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(("::1", 0))
        listener.listen()
        assert not is_free(listener.getsockname()[1])


def test_private_ports_are_not_those_of_outgoing_connections() -> None:
    assert free_port() in PRIVATE_PORTS


@pytest.mark.parametrize("text", ["", "web", "0", "-1", "65536", "80 80"])
def test_what_is_no_port(text: str) -> None:
    with pytest.raises(CannotRun, match="is no port"):
        port_number(text)
