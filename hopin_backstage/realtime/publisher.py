"""Notices into Redis, from synchronous code, from any thread."""

import threading
import time
from collections.abc import Sequence
from functools import cache

import redis
import structlog
from redis.backoff import NoBackoff
from redis.retry import Retry

from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.told import Told, pack, told

log = structlog.get_logger(__name__)

#: Seconds that whoever has committed something waits for Redis, at most.
PATIENCE_S = 1.0
#: Seconds between attempts while it is away.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0


class Publisher:
    """What could not be told is owed: its listeners are told to catch up as soon as Redis is back.

    While anything is owed nobody waits for Redis: what comes is owed, too.
    """

    def __init__(self, url: str) -> None:
        # Once more only where a connection of the pool has died in the meantime: after a silence it may be done.
        self._redis = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
        )
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
        pipeline = self._redis.pipeline(transaction=False)
        for channel, notice in notices:
            pipeline.publish(channel, pack(notice))
        pipeline.execute()

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


@cache
def publisher(url: str) -> Publisher:
    """That of this process."""
    return Publisher(url)
