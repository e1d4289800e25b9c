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
PRESENCE_TTL_S = 25.0
PRESENCE_RENEW_S = 8.0


def _key(place: str) -> str:
    return f"hopin:presence:{place}"


class Presence:
    """The presences that one event loop looks after; get it from `presence()`."""

    def __init__(self) -> None:
        self._redis = redis.asyncio.Redis.from_url(settings.REDIS_URL, decode_responses=True)

    async def renew(self, place: str, member: str) -> None:
        """`member` names one connection: `PERSON/CONNECTION`, so that two tabs of a person count once."""
        await self._redis.zadd(_key(place), {member: time.time() + PRESENCE_TTL_S})
        await self._redis.expire(_key(place), int(PRESENCE_TTL_S * 4))

    async def end(self, place: str, member: str) -> None:
        await self._redis.zrem(_key(place), member)

    async def people(self, place: str) -> set[str]:
        """The persons who are here now."""
        found = await self._redis.zrangebyscore(_key(place), time.time(), "+inf")
        return {member.split("/")[0] for member in cast("list[str]", found)}

    async def close(self) -> None:
        await self._redis.aclose()


_presences: dict[asyncio.AbstractEventLoop, Presence] = {}


def presence() -> Presence:
    """That of the running event loop."""
    return _presences.setdefault(asyncio.get_running_loop(), Presence())
