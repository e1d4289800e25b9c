"""How much one may ask in a minute: a person by all their tokens together, whoever is nobody by their address."""

import time
from typing import Any

import redis
from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

WINDOW_S = 60


class MinuteThrottle(BaseThrottle):
    """Counts in Redis, in windows of a minute; one step each, so that no two processes count the same twice."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user.is_authenticated:
            who, most = f"user:{request.user.pk}", settings.API_PER_MINUTE
        else:
            who, most = f"address:{self.get_ident(request)}", settings.API_PER_MINUTE_ANONYMOUS
        return self._count(who) <= most

    def _count(self, who: str) -> int:
        key = f"api:{who}:{int(time.time()) // WINDOW_S}"
        try:
            cache.add(key, 0, timeout=2 * WINDOW_S)
            return int(cache.incr(key))
        except (redis.RedisError, ValueError):
            # A Redis that is away ends no API; Redis forgot the key just now: a new minute.
            return 0

    def wait(self) -> float:
        """Seconds to the next window."""
        return WINDOW_S - time.time() % WINDOW_S
