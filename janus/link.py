"""One WebSocket to Janus, from its opening to its end. It is never opened again: the connection makes a new
one.

Built on janus-client's transport and transactions. What this adds:

- **Nothing secret is logged.** The library logs each message it sends and receives at INFO. It is given
  only the skeleton of a request (verb, ids, transaction); secrets, bodies and SDP are added behind its back,
  in `_send`. Answers are shown to it as `_Answer`, which prints as a skeleton. The `websockets` library,
  which logs whole frames at DEBUG, is given a logger that is switched off.
- **The end of the link is an answer**: whoever waits gets it at once.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed

from janus.errors import JanusRefused, JanusUnavailable
from janus.library import JanusTransportWebsocket

logger = logging.getLogger(__name__)

# Outside logging's tree, so that nobody can turn it up.
SILENT = logging.Logger("janus.websocket", level=logging.CRITICAL + 1)

FINAL = frozenset({"success", "ack", "server_info"})
"""What ends a request to Janus's core."""
FINAL_OF_PLUGIN = frozenset({"success", "event"})
"""What ends a plugin's request: the answer itself, or the event behind the ack."""

_LINK_LOST = "link-lost"
_CLOSE_TIMEOUT_S = 1.0
_LARGEST_MESSAGE = 4 * 1024 * 1024  # bytes; an SDP with ten m-lines has 10 kB, a list of 500 people 50 kB


class _Request(dict[str, Any]):
    """The skeleton of a request, which may be logged, and beside it what may not."""

    def __init__(self, verb: str, private: Mapping[str, Any]) -> None:
        super().__init__(janus=verb)
        self.private = private


class _Answer(dict[str, Any]):
    """A message of Janus that prints as a skeleton: Streaming's `info` holds secret and PIN, an SDP keys."""

    def __repr__(self) -> str:
        return f"<{self.get('janus')} {self.get('transaction', '')}>"


class Link(JanusTransportWebsocket):
    """`on_message` gets every message that answers no request under way; it must not block or raise."""

    def __init__(
        self,
        url: str,
        api_secret: str,
        *,
        on_message: Callable[[dict[str, Any]], None],
        timeout_s: float,
        ping_s: float,
    ) -> None:
        super().__init__(base_url=url)
        self._secret = api_secret
        self._on_message = on_message
        self._timeout_s = timeout_s
        self._ping_s = ping_s
        self._waiting: set[str] = set()
        self.ws = None
        self.down = asyncio.Event()

    async def ask(
        self,
        verb: str,
        *,
        final: frozenset[str] = FINAL,
        session_id: int | None = None,
        handle_id: int | None = None,
        **private: Any,
    ) -> dict[str, Any]:
        """Send a request and wait, without a deadline, for the answer whose verb is in `final`.

        Raises JanusRefused, JanusUnavailable.
        """
        request = _Request(verb, private)
        transaction = await self.send(request, session_id=session_id, handle_id=handle_id)
        wanted = final | {"error", _LINK_LOST}
        try:
            answer: dict[str, Any] = await transaction.get(matcher=lambda message: message["janus"] in wanted)
        finally:
            self._waiting.discard(transaction.id)
            await transaction.done()
        if answer["janus"] == _LINK_LOST:
            raise JanusUnavailable("The link to Janus broke before the answer came.")
        if answer["janus"] == "error":
            raise JanusRefused(answer["error"]["code"], answer["error"]["reason"])
        return answer

    async def shut(self) -> None:
        """Close the socket, whatever state it is in. Whoever waits gets JanusUnavailable."""
        await self.disconnect()
        if self.ws is not None:
            await self.ws.close()

    async def receive(self, response: dict[str, Any]) -> None:
        if response.get("transaction") in self._waiting:
            await super().receive(_Answer(response))
        elif "transaction" in response:
            # Late for its deadline, or asked on this session by another connection.
            logger.debug("An answer that nobody here waits for was dropped: %s", response.get("janus"))
        else:
            self._on_message(response)

    async def receive_message(self) -> None:
        try:
            await super().receive_message()
        except ConnectionClosed:
            pass
        finally:
            self.connected = False
            self.down.set()
            for transaction_id in tuple(self._waiting):
                await self._tell_lost(transaction_id)

    def receive_message_done_cb(self, task: asyncio.Task[None], context: object = None) -> None:
        """(The library's own prints the traceback of every lost link as an error.)"""
        self.receiving_message = False
        if not task.cancelled() and (failure := task.exception()) is not None:
            logger.error("Janus's messages can no longer be read: %s", type(failure).__name__)

    async def _connect(self, **options: Any) -> None:
        await super()._connect(
            logger=SILENT,
            open_timeout=self._timeout_s,
            close_timeout=_CLOSE_TIMEOUT_S,
            ping_interval=self._ping_s,
            ping_timeout=self._timeout_s,
            max_size=_LARGEST_MESSAGE,
            compression=None,
            proxy=None,
            **options,
        )

    async def _send(self, message: _Request) -> None:
        transaction_id = message["transaction"]
        self._waiting.add(transaction_id)
        if not self.connected:
            await self._tell_lost(transaction_id)
            return
        try:
            await super()._send({**message, **message.private, "apisecret": self._secret})
        except ConnectionClosed:
            await self._tell_lost(transaction_id)
        except asyncio.CancelledError:
            self._waiting.discard(transaction_id)
            raise

    async def _tell_lost(self, transaction_id: str) -> None:
        await super().receive(_Answer(janus=_LINK_LOST, transaction=transaction_id))
