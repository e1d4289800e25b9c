"""The one connection by which a process listens to Redis, and that repairs itself.

redis-py's own PubSub connects anew without a word, and what was published meanwhile is lost without one.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import redis
import structlog
from redis.asyncio.connection import AbstractConnection, Connection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from hopin_backstage.realtime.redis_options import of_one_connection

log = structlog.get_logger(__name__)

#: Seconds for a connection to come about.
CONNECT_WITHIN_S = 3.0
#: Seconds of silence after which Redis is asked for a word, and that it has for its answer.
ASK_AFTER_S, ANSWER_WITHIN_S = 4.0, 4.0
#: Seconds between attempts to connect anew; half to all of it, so that not all processes come at once.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 3.0


class Subscription:
    """`heard` gets what is published to a channel; `repaired` is called when something may have been missed, and all
    channels are heard again."""

    def __init__(self, url: str, heard: Callable[[str, bytes], None], repaired: Callable[[], None]) -> None:
        self._url = url
        self._heard = heard
        self._repaired = repaired
        self._wanted: set[str] = set()
        self._asked: set[str] = set()
        #: How many answers to SUBSCRIBE are still to come: somebody may leave and come back before the first.
        self._unconfirmed: Counter[str] = Counter()
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        self._changed = asyncio.Event()
        self._is_away = False
        self._has_missed = False
        self._heard_at = 0.0
        self._task = asyncio.create_task(self._run())

    async def add(self, channel: str) -> None:
        """Returns when nothing can be missed any more without `repaired` being called: subscribed, or Redis is away."""
        if channel not in self._wanted:
            self._wanted.add(channel)
            self._changed.set()
        if self._is_away or (channel in self._asked and not self._unconfirmed[channel]):
            return
        confirmed = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(channel, []).append(confirmed)
        await confirmed

    def remove(self, channel: str) -> None:
        self._wanted.discard(channel)
        self._changed.set()

    async def close(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._let_all_go_on()

    # --- The connection ----------------------------
    async def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            connection = self._connection()
            try:
                await connection.connect()
                pause_s = FIRST_PAUSE_S
                self._is_away = False
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._speak(connection))
                    both.create_task(self._listen(connection))
            except* Exception as errors:
                log.warning("notices_lost", error=repr(errors.exceptions[0]))
            finally:
                await connection.disconnect(nowait=True)
            self._asked.clear()
            self._unconfirmed.clear()
            self._is_away = self._has_missed = True
            self._let_all_go_on()
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))  # noqa: S311 - only not all at once
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    def _connection(self) -> AbstractConnection:
        options: dict[str, Any] = of_one_connection(parse_url(self._url)) | {
            "socket_timeout": None,
            "socket_connect_timeout": CONNECT_WITHIN_S,
            "retry": Retry(NoBackoff(), 0),
        }
        kind: type[AbstractConnection] = options.pop("connection_class", Connection)
        return kind(**options)

    async def _speak(self, connection: AbstractConnection) -> None:
        self._heard_at = time.monotonic()
        while True:
            self._changed.clear()
            if new := self._wanted - self._asked:
                self._asked |= new
                self._unconfirmed.update(new)
                await connection.send_command("SUBSCRIBE", *new)
            if old := self._asked - self._wanted:
                self._asked -= old
                await connection.send_command("UNSUBSCRIBE", *old)
            try:
                async with asyncio.timeout(ASK_AFTER_S):
                    await self._changed.wait()
            except TimeoutError:
                silent_s = time.monotonic() - self._heard_at
                if silent_s > ASK_AFTER_S + ANSWER_WITHIN_S:
                    raise redis.TimeoutError(f"silent for {silent_s:.0f} s") from None
                await connection.send_command("PING")

    async def _listen(self, connection: AbstractConnection) -> None:
        while True:
            answer = await connection.read_response()
            self._heard_at = time.monotonic()
            match answer:
                case [b"message", bytes(channel), bytes(packed)]:
                    self._heard(channel.decode(), packed)
                case [b"subscribe", bytes(channel), _]:
                    self._confirm(channel.decode())

    def _confirm(self, channel: str) -> None:
        self._unconfirmed[channel] -= 1
        if self._unconfirmed[channel]:
            return
        del self._unconfirmed[channel]
        for confirmed in self._waiting.pop(channel, ()):
            if not confirmed.done():
                confirmed.set_result(None)
        if self._has_missed and not self._unconfirmed:
            self._has_missed = False
            self._repaired()

    def _let_all_go_on(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for confirmed in (each for channel in waiting.values() for each in channel):
            if not confirmed.done():
                confirmed.set_result(None)
