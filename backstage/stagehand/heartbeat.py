"""A sign of life that `/healthz` reads."""

import redis.asyncio
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

BEAT_KEY = "hopin:stagehand:beat"
#: Seconds after the last beat at which the stagehand counts as dead.
BEAT_TTL_S = 5


class Heartbeat:
    def __init__(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(settings.REDIS_URL)

    async def beat(self) -> None:
        try:
            await self._redis.set(BEAT_KEY, b"1", ex=BEAT_TTL_S)
        except (redis.RedisError, OSError) as error:
            # Whoever asks for our health cannot reach Redis either.
            log.warning("beat_lost", error=str(error))
