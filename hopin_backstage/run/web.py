"""Daphne, with an orderly end and sockets of our own: `python -m hopin_backstage.run.web` takes what `daphne` takes."""

import asyncio
import gc
import logging
import os
import sys
import time
from importlib import import_module
from typing import Any

import structlog
from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from django.conf import settings
from twisted.internet.defer import Deferred
from twisted.internet.tcp import Port

from hopin_backstage.realtime import outlet, silence
from hopin_backstage.run.looks import ROUND_S, STEPS, Looks
from hopin_backstage.run.request import BoundedRequest
from hopin_backstage.run.websocket import BoundedProtocol

log = structlog.get_logger(__name__)

#: Seconds that requests in progress get to finish when the server is told to end.
LAST_REQUESTS_S = 2.0

#: Seconds for a handshake, which asks the database who comes. A page waits for 12; were it less here, a full house that
#: comes back at once would be turned away again and again, and each time be asked for in vain.
HANDSHAKE_S = 20
#: Daphne's own pings: it forgets an answer that comes after the next ping, and then ends a line that lives.
NEVER_S = 24 * 60 * 60
#: Objects more than before at which the garbage collector looks through the youngest. Python's own 700 has it look
#: through all several times a minute in a busy chat, and every connection of a full house stands still for that.
YOUNGEST = 5_000
#: Of `scope["extensions"]`, between our server and the application it runs.
TAKEN = "hopin.taken"


def telling_what_is_taken(application: Any) -> Any:
    """Daphne's queue for an application says nothing when something is taken out of it."""

    async def told(scope: dict[str, Any], receive: Any, send: Any) -> None:
        taken = scope.get("extensions", {}).pop(TAKEN, None)

        async def take() -> Any:
            message = await receive()
            taken()
            return message

        await application(scope, take if taken else receive, send)

    return told


def spare_what_is_loaded() -> None:
    """The garbage collector looks through it no more: it is there for good, and nobody is told anything meanwhile."""
    # With all its views, which the first request would load.
    import_module(settings.ROOT_URLCONF)
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST)


class OrderlyServer(Server):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.application: Any = telling_what_is_taken(self.application)
        self._listening: list[Port] = []
        self._looks: Looks[Any] = Looks(STEPS)
        self._look_at = 0.0

    def run(self) -> None:
        spare_what_is_loaded()
        super().run()

    def listen_success(self, port: Port) -> None:
        self._listening.append(port)
        # The factories are made when daphne starts, and take no wishes.
        self.ws_factory.protocol = BoundedProtocol
        self.http_factory.buildProtocol = self._build_http
        super().listen_success(port)

    def _build_http(self, address: Any) -> Any:
        protocol = type(self.http_factory).buildProtocol(self.http_factory, address)
        protocol.requestFactory = BoundedRequest
        return protocol

    def protocol_connected(self, protocol: Any) -> None:
        super().protocol_connected(protocol)
        self._looks.add(protocol)

    def timeout_checker(self) -> None:
        """Instead of daphne's, which looks at all in one go: of 500 that takes 5 ms, and then come 500 pongs.

        Daphne calls it first, then it calls itself.
        """
        loop = asyncio.get_running_loop()
        # From when it was due: of a busy process the delays of all steps would add up.
        self._look_at = max(self._look_at + ROUND_S / STEPS, loop.time() - ROUND_S)
        loop.call_at(self._look_at, self.timeout_checker)
        for protocol in self._looks.step(self.connections):
            try:
                protocol.check_timeouts()
            except Exception:
                # What fails for one must not keep all others from being looked at.
                log.exception("look_failed")

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if isinstance(protocol, BoundedProtocol):
            silence.offer(scope, protocol.silent_s)
            scope["extensions"][TAKEN] = protocol.taken
            if protocol.outlet is not None:
                outlet.offer(scope, protocol.outlet)
        return super().create_application(protocol, scope)

    def kill_all_applications(self) -> "Deferred[object]":
        """Called by daphne when it is told to end. Requests are answered first; then sockets end."""
        for port in self._listening:
            port.stopListening()
        finishing = Deferred.fromFuture(asyncio.ensure_future(self._requests_finish()))
        return finishing.addBoth(lambda _: self._end_sockets())

    def _end_sockets(self) -> "Deferred[object]":
        # Daphne asks all connections for an application; one that became a socket just now, or asked for too much, has
        # none, and all others would not be waited for.
        none: asyncio.Future[None] = asyncio.get_event_loop().create_future()
        none.set_result(None)
        for details in self.connections.values():
            details.setdefault("application_instance", none)
        return super().kill_all_applications()

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
        self.parser.set_defaults(ping_interval=NEVER_S, websocket_connect_timeout=HANDSHAKE_S)


if __name__ == "__main__":
    CommandLine().run(sys.argv[1:])
    logging.shutdown()
    # A thread of a cancelled request waits for the event loop, which is gone, and Python would wait for the thread:
    # seen with asgiref 3.13 under synchronous middleware. Everything has been said and closed by now.
    os._exit(0)
