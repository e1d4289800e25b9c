"""The short way into a socket: of a real one, and of Twisted's transport, whose reactor does not run here."""

import asyncio
import socket
from collections.abc import Iterator

import pytest
from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Connection

from hopin_backstage.realtime.outlet import MOST_WAITING, Outlet

FRAME = b"x" * 60_000


class Line:
    """An outlet, and who reads of it."""

    def __init__(self) -> None:
        ours, self.page = socket.socketpair()
        self._loop = asyncio.new_event_loop()
        self._reactor = AsyncioSelectorReactor(self._loop)
        ours.setblocking(False)
        self.page.setblocking(False)
        self.is_open = True
        self.overflows = 0
        self.transport = Connection(ours, Protocol(), self._reactor)
        self.transport.connected = True
        self.outlet = Outlet(self.transport, lambda: self.is_open, self._overflowed)

    def _overflowed(self) -> None:
        self.overflows += 1

    def read(self) -> bytes:
        """All that the kernel has."""
        read = b""
        try:
            while more := self.page.recv(1 << 20):
                read += more
        except BlockingIOError:
            return read
        return read

    def fill(self) -> int:
        """Until something waits; frames."""
        for number in range(1000):
            if self.outlet.waiting:
                return number
            self.outlet.write(FRAME)
        raise AssertionError("the kernel takes everything")

    def close(self) -> None:
        self.page.close()
        self.transport.socket.close()
        self._reactor.removeAll()
        self._loop.close()


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


def test_what_is_written_is_there_at_once(line: Line) -> None:
    for word in (b"one", b"two", b"three"):
        line.outlet.write(word)
        assert line.read() == word


def test_nothing_overtakes_what_waits_though_the_kernel_has_room_again(line: Line) -> None:
    frames = line.fill()
    read = line.read()
    for _ in range(3):
        line.outlet.write(b"behind")
        assert line.read() == b""
    line.transport.doWrite()
    assert read + line.read() == FRAME * frames + b"behind" * 3
    line.outlet.write(b"at once again")
    assert line.read() == b"at once again"


def test_what_waits_has_a_bound_each_time(line: Line) -> None:
    line.fill()
    while not line.overflows:
        line.outlet.write(FRAME)
    assert MOST_WAITING - len(FRAME) < line.outlet.waiting <= MOST_WAITING
    line.outlet.write(FRAME)
    assert line.overflows == 2
    assert line.outlet.waiting <= MOST_WAITING


def test_a_line_that_is_closing_is_written_nothing(line: Line) -> None:
    line.outlet.write(b"before")
    line.is_open = False
    line.outlet.look_again()
    line.outlet.write(b"behind")
    assert line.read() == b"before"


def test_a_lost_line_raises_nothing(line: Line) -> None:
    line.outlet.write(b"before")
    line.transport.connected = False
    line.transport.socket.close()
    line.outlet.write(b"behind")
    assert line.outlet.waiting == 0
