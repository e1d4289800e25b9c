"""Who is here, counted in Redis so that a web process that dies without a word is noticed.

A presence is a member of a sorted set with the time at which it ends unless renewed.
"""

import asyncio
import time
from typing import cast

import redis
import redis.asyncio
from django.conf import settings

#: Seconds: a presence that nobody renews ends after this, and is renewed this often.
PRESENCE_TTL_S = 15.0
PRESENCE_RENEW_S = 5.0


def _key(place: str) -> str:
    return f"hopin:presence:{place}"


class Presence:
    """The presences that one event loop looks after; get it from `presence()`."""

    def __init__(self) -> None:
        # Blocking: many sockets at once wait for a connection instead of being refused one.
        pool = redis.asyncio.BlockingConnectionPool.from_url(
            settings.REDIS_URL, decode_responses=True, max_connections=20, timeout=5, socket_timeout=5
        )
        self._redis = redis.asyncio.Redis.from_pool(pool)

    async def renew(self, place: str, member: str) -> None:
        """`member` names one connection: `PERSON/CONNECTION`, so that two tabs of a person count once.

        Raises redis.RedisError.
        """
        now = time.time()
        async with self._redis.pipeline() as together:
            together.zadd(_key(place), {member: now + PRESENCE_TTL_S})
            together.zremrangebyscore(_key(place), "-inf", now)
            together.expire(_key(place), int(PRESENCE_TTL_S * 4))
            await together.execute()

    async def end(self, place: str, member: str) -> None:
        await self._redis.zrem(_key(place), member)

    async def people(self, place: str) -> set[str]:
        """The persons who are here now."""
        found = await self._redis.zrangebyscore(_key(place), time.time(), "+inf")
        return {member.split("/")[0] for member in cast("list[str]", found)}

    async def first_in(self, name: str, seconds: int) -> bool:
        """Whether nobody has asked this of the same name for so long; the one who may is remembered.

        Raises redis.RedisError.
        """
        return bool(await self._redis.set(f"hopin:lately:{name}", 1, nx=True, ex=seconds))

    async def close(self) -> None:
        await self._redis.aclose()


_presences: dict[asyncio.AbstractEventLoop, Presence] = {}


def presence() -> Presence:
    """That of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _presences:
        _presences[loop] = Presence()
    return _presences[loop]
