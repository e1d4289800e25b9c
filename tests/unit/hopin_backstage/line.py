"""An outlet of a real socket and of Twisted's transport, whose reactor does not run here."""

import asyncio
import socket

from twisted.internet.asyncioreactor import AsyncioSelectorReactor
from twisted.internet.protocol import Protocol
from twisted.internet.tcp import Connection

from hopin_backstage.realtime.outlet import Outlet

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
