"""Notices into Redis, from synchronous code, from any thread."""

import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

import redis
import structlog
from redis.backoff import NoBackoff
from redis.connection import AbstractConnection, Connection, parse_url
from redis.retry import Retry

from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.redis_options import of_one_connection
from hopin_backstage.realtime.told import Told, pack, told

log = structlog.get_logger(__name__)

#: Seconds that whoever has committed something waits for Redis, at most.
PATIENCE_S = 1.0
#: Connections that are kept: so many threads seldom publish at the same time.
MOST_IDLE = 16
#: Seconds between attempts while it is away.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0


class Publisher:
    """What could not be told is owed: its listeners are told to catch up as soon as Redis is back.

    While anything is owed nobody waits for Redis: what comes is owed, too.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: deque[AbstractConnection] = deque()
        self._lock = threading.Lock()
        self._owed: set[str] = set()
        self._is_paying = False

    def send_all(self, notices: Sequence[tuple[str, Told]]) -> None:
        """Pairs of channel and notice, in this order, in one round trip.

        Raises nothing: what it is about has happened already.
        """
        if not self._is_paying:
            try:
                self._publish(notices)
            except (redis.RedisError, OSError) as error:
                log.warning(
                    "notice_not_sent", notices=[notice.kind for _, notice in notices], error=repr(error)
                )
            else:
                return
        self._owe({channel for channel, _ in notices})

    def _publish(self, notices: Sequence[tuple[str, Told]]) -> None:
        """Raises redis.RedisError or OSError."""
        with self._borrowed_connection() as connection:
            commands = connection.pack_commands(
                [("PUBLISH", channel, pack(notice)) for channel, notice in notices]
            )
            try:
                _ask(connection, commands, len(notices))
            except redis.ConnectionError:
                # After a silence it may have died in the meantime.
                _ask(connection, commands, len(notices))

    @contextmanager
    def _borrowed_connection(self) -> Iterator[AbstractConnection]:
        """Not of redis-py's client, whose way from a command to its socket takes as long as all the rest."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _new_connection(self._url)
        try:
            yield connection
        except BaseException:
            # There may be answers that nobody has read.
            connection.disconnect()
            raise
        finally:
            if len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
            else:
                connection.disconnect()

    def _owe(self, channels: set[str]) -> None:
        with self._lock:
            self._owed |= channels
            if not self._is_paying:
                self._is_paying = True
                threading.Thread(target=self._pay, name="owed-notices", daemon=True).start()

    def _pay(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._pay_all():
            time.sleep(pause_s)
            pause_s = min(LONGEST_PAUSE_S, 2 * pause_s)

    def _pay_all(self) -> bool:
        """True: nothing is owed any more, and nobody pays."""
        while True:
            with self._lock:
                if not self._owed:
                    self._is_paying = False
                    return True
                # Taken first: what is owed from here on may be newer than what its listeners ask for now.
                channel = self._owed.pop()
            try:
                self._publish([(channel, told(CatchUp()))])
            except (redis.RedisError, OSError):
                with self._lock:
                    self._owed.add(channel)
                return False


def _new_connection(url: str) -> AbstractConnection:
    """One that connects when it is first used, and anew after it was lost."""
    options: dict[str, Any] = of_one_connection(parse_url(url)) | {
        "socket_timeout": PATIENCE_S,
        "socket_connect_timeout": PATIENCE_S,
        "retry": Retry(NoBackoff(), 0),
    }
    kind: type[AbstractConnection] = options.pop("connection_class", Connection)
    return kind(**options)


def _ask(connection: AbstractConnection, commands: Sequence[bytes], answers: int) -> None:
    connection.send_packed_command(commands, check_health=False)
    for _ in range(answers):
        connection.read_response()


@cache
def publisher(url: str) -> Publisher:
    """That of this process."""
    return Publisher(url)
