"""The short way from a notice to a connection: past ASGI, into its socket, and never more than a bound waiting.

Only the server has the socket; it offers this as an ASGI extension. Whatever the server itself has for the connection
goes the same way, so nothing overtakes anything.
"""

import socket
from collections.abc import Callable, Mapping
from typing import Any, Protocol, cast

#: Of `scope["extensions"]`: an Outlet.
EXTENSION = "hopin.outlet"

#: Bytes that wait in this process for one connection that does not take them. Several snapshots of a full house, or
#: minutes of its notices; what the kernel holds for the connection comes on top.
MOST_WAITING = 1024 * 1024


class Transport(Protocol):
    """Of Twisted's `tcp.Connection`, which has no public word for how much it holds back."""

    dataBuffer: bytes  # noqa: N815  Twisted's name
    offset: int
    _tempDataLen: int  # noqa: N815
    socket: "socket.socket"

    def write(self, data: bytes) -> None: ...


class Outlet:
    """`is_open` says whether frames may be written yet, or still; `overflowed` is told that the bound is passed.

    A notice that goes to hundreds finds none of them in the processor's caches, so what is looked at for each is
    what it takes: while nothing waits, one flag and the socket.
    """

    __slots__ = ("_is_open", "_overflowed", "_send", "_transport", "fileno", "is_clear")

    def __init__(
        self, transport: Transport, is_open: Callable[[], bool], overflowed: Callable[[], None]
    ) -> None:
        self._transport = transport
        self._send = transport.socket.send
        self.fileno = transport.socket.fileno
        """Of the socket; -1 once it is closed, since another connection may have its number then."""
        self._is_open = is_open
        self._overflowed = overflowed
        self.is_clear = False
        """It is open, and nothing waits."""

    def write(self, frame: bytes) -> None:
        """Nothing once the connection is closing."""
        if self.is_clear:
            self._send_now(frame)
        elif self._is_open():
            self.is_clear = not self.waiting
            self.put(frame)

    def put(self, data: bytes) -> None:
        """Behind everything that was put before. Never waits, never raises: a lost connection finds that out itself."""
        waiting = self.waiting
        if not waiting:
            self._send_now(data)
        elif waiting + len(data) > MOST_WAITING:
            self._overflowed()
        else:
            self._transport.write(data)

    def look_again(self) -> None:
        """Whoever closes the connection says so."""
        self.is_clear = False

    def _send_now(self, data: bytes) -> None:
        try:
            sent = self._send(data)
        except OSError:
            # Full; or lost, which the transport meets when it tries.
            sent = 0
        if sent < len(data):
            self.hold_back(data[sent:])

    def hold_back(self, data: bytes) -> None:
        """What the kernel has not taken, until it does."""
        self.is_clear = False
        self._transport.write(data)

    def give_up(self) -> None:
        """What the other side has got is not known: it has to come again."""
        self.is_clear = False
        self._overflowed()

    @property
    def waiting(self) -> int:
        """Bytes that the kernel has not taken."""
        transport = self._transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen  # noqa: SLF001


def offer(scope: dict[str, Any], outlet: Outlet) -> None:
    scope.setdefault("extensions", {})[EXTENSION] = outlet


def outlet_of(scope: Mapping[str, object]) -> Outlet | None:
    """None under a server that has none: then everything goes by ASGI's `send`."""
    return cast("dict[str, Any]", scope.get("extensions", {})).get(EXTENSION)
