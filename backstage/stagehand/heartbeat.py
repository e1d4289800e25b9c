"""A sign of life that `/healthz` reads, and what the stagehand sees just now, for support."""

import asyncio
from collections.abc import Callable

import redis.asyncio
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

BEAT_KEY = "hopin:stagehand:beat"
BEAT_EVERY_S = 1.0
#: Seconds after the last beat at which the stagehand counts as dead.
BEAT_TTL_S = 5


class Heartbeat:
    """`sights`: what is told with each beat."""

    def __init__(self, sights: Callable[[], bytes]) -> None:
        self._sights = sights
        self._redis = redis.asyncio.Redis.from_url(settings.REDIS_URL)

    async def beat_forever(self) -> None:
        while True:
            await self._beat()
            await asyncio.sleep(BEAT_EVERY_S)

    async def _beat(self) -> None:
        try:
            async with asyncio.timeout(BEAT_TTL_S):
                await self._redis.set(BEAT_KEY, self._sights(), ex=BEAT_TTL_S)
        except (redis.RedisError, OSError) as error:
            # Whoever asks for our health cannot reach Redis either.
            log.warning("beat_lost", error=repr(error))
