"""Who is here, counted in Redis so that a web process that dies without a word is noticed.

A presence is a member of a sorted set with the time at which it ends unless renewed. It is Redis's time: clocks of
several hosts need not agree.
"""

import asyncio
from typing import cast

import redis
import redis.asyncio
from django.conf import settings

#: Seconds: a presence that nobody renews ends after this, and is renewed this often.
PRESENCE_TTL_S = 15.0
PRESENCE_RENEW_S = 5.0


#: KEYS: the place. ARGV: the member, and how long it lasts, in seconds.
_RENEW = """
local time = redis.call("TIME")
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
redis.call("ZADD", KEYS[1], now + tonumber(ARGV[2]), ARGV[1])
redis.call("ZREMRANGEBYSCORE", KEYS[1], "-inf", now)
redis.call("EXPIRE", KEYS[1], math.ceil(4 * tonumber(ARGV[2])))
"""
#: KEYS: the place. Its members that have not ended.
_PRESENT = """
local time = redis.call("TIME")
return redis.call("ZRANGE", KEYS[1], tonumber(time[1]) + tonumber(time[2]) / 1e6, "+inf", "BYSCORE")
"""


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
        self._renew = self._redis.register_script(_RENEW)
        self._present = self._redis.register_script(_PRESENT)

    async def renew(self, place: str, member: str) -> None:
        """`member` names one connection: `PERSON/CONNECTION`, so that two tabs of a person count once.

        Raises redis.RedisError.
        """
        await self._renew(keys=[_key(place)], args=[member, PRESENCE_TTL_S])

    async def end(self, place: str, member: str) -> None:
        await self._redis.zrem(_key(place), member)

    async def people(self, place: str) -> set[str]:
        """The persons who are here now."""
        found = await self._present(keys=[_key(place)])
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
