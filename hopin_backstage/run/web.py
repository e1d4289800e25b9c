"""Daphne, with an orderly end and an ear for silence: `python -m hopin_backstage.run.web` takes what `daphne` takes."""

import asyncio
import logging
import os
import sys
import time
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketProtocol
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionAborted
from twisted.internet.tcp import Port
from twisted.python.failure import Failure

from hopin_backstage.realtime import silence

#: Seconds that requests in progress get to finish when the server is told to end.
LAST_REQUESTS_S = 2.0

#: Seconds of silence after which the other side is asked for a word, and that it has for its answer. Daphne looks every
#: two seconds, so a network that vanished is noticed after at most 15.
ASK_AFTER_S, ANSWER_WITHIN_S = 3.0, 8.0
#: Daphne's own pings: it forgets an answer that comes after the next ping, and then ends a line that lives.
NEVER_S = 24 * 60 * 60


class HeardProtocol(WebSocketProtocol):
    """A WebSocket that knows whether the other side is still there."""

    _asked_at: float | None

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        self._hear()
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._hear()
        super().dataReceived(data)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        # That the other side ended the connection is a word, too; that we gave it up is none.
        if not reason.check(ConnectionAborted):
            self._hear()
        super().connectionLost(reason)

    def check_timeouts(self) -> None:
        super().check_timeouts()
        if self.state != self.STATE_OPEN:
            return
        now = time.monotonic()
        if self._asked_at is None and now - self._heard_at > ASK_AFTER_S:
            self._asked_at = now
            self.sendPing()
        elif self.silent_s() > ANSWER_WITHIN_S:
            self.onAutoPingTimeout()

    def _hear(self) -> None:
        self._heard_at = time.monotonic()
        self._asked_at = None

    def silent_s(self) -> float:
        """Seconds for which a word has been asked for in vain: the network was not lost later than that."""
        return time.monotonic() - self._asked_at if self._asked_at is not None else 0.0


class OrderlyServer(Server):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._listening: list[Port] = []

    def listen_success(self, port: Port) -> None:
        self._listening.append(port)
        # The factory is made when daphne starts, and takes no wishes.
        self.ws_factory.protocol = HeardProtocol
        super().listen_success(port)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, HeardProtocol):
            silence.offer(scope, protocol.silent_s)
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> "Deferred[object]":
        """Called by daphne when it is told to end. Requests are answered first; then sockets end."""
        for port in self._listening:
            port.stopListening()
        finishing = Deferred.fromFuture(asyncio.ensure_future(self._requests_finish()))
        kill = super().kill_all_applications
        return finishing.addBoth(lambda _: kill())

    async def _requests_finish(self) -> None:
        deadline = time.monotonic() + LAST_REQUESTS_S
        while self._requests_in_progress() and time.monotonic() < deadline:  # noqa: ASYNC110  daphne has no event
            await asyncio.sleep(0.02)

    def _requests_in_progress(self) -> bool:
        return any(
            isinstance(protocol, WebRequest) and not details["application_instance"].done()
            for protocol, details in self.connections.items()
            if "application_instance" in details
        )


class CommandLine(CommandLineInterface):
    server_class = OrderlyServer

    def __init__(self) -> None:
        super().__init__()
        self.parser.set_defaults(ping_interval=NEVER_S)


if __name__ == "__main__":
    CommandLine().run(sys.argv[1:])
    logging.shutdown()
    # A thread of a cancelled request waits for the event loop, which is gone, and Python would wait for the thread:
    # seen with asgiref 3.13 under synchronous middleware. Everything has been said and closed by now.
    os._exit(0)
