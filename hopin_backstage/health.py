"""`/healthz`: whether everything that a show needs is there. For `make run`, load balancers and alarms.

Anybody may ask, so each process looks at most once a second (four times while ill), and says no more than how
each part is.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backstage.media.link import janus
from backstage.stagehand.heartbeat import BEAT_KEY
from janus import videoroom
from janus.errors import JanusError
from janus.session import Plugin

DEADLINE_S = 2.0
#: Seconds that an answer is given again without looking: less while something is ill, to see it heal.
FRESH_S = 1.0
FRESH_WHILE_ILL_S = 0.25
OK = "ok"

Report = dict[str, str]


async def _database() -> str:
    def ask() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        except DatabaseError:
            return "does not answer, or was never migrated"
        finally:
            # No request ends on this thread, so nobody else would close it.
            connection.close()
        return OK

    # On a thread of its own: a database that hangs must not hold up the pages, which share one.
    return await sync_to_async(ask, thread_sensitive=False)()


async def _redis() -> str:
    try:
        async with redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=DEADLINE_S) as client:
            await client.ping()
    except (redis.RedisError, OSError):
        return "does not answer"
    return OK


async def _janus() -> str:
    try:
        # The link that the pages' media use: so a web process has it before its first page asks.
        session = await (await janus()).create_session()
        try:
            await videoroom.probe(await session.attach(Plugin.VIDEOROOM, lambda _event: None))
        finally:
            await session.destroy()
        return OK
    except JanusError:
        return "does not answer"


async def _stagehand() -> str:
    try:
        async with redis.asyncio.Redis.from_url(settings.REDIS_URL, socket_timeout=DEADLINE_S) as client:
            beats = await client.exists(BEAT_KEY)
    except (redis.RedisError, OSError):
        return "unknown while Redis does not answer"
    return OK if beats else "does not run, or hangs"


PROBES: dict[str, Callable[[], Awaitable[str]]] = {
    "database": _database,
    "redis": _redis,
    "janus": _janus,
    "stagehand": _stagehand,
}


async def _in_time(probe: Callable[[], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await probe()
    except TimeoutError:
        return f"did not answer within {DEADLINE_S:.0f} s"


async def look() -> Report:
    """How each part is, all asked at the same time."""
    answers = await asyncio.gather(*(_in_time(probe) for probe in PROBES.values()))
    return dict(zip(PROBES, answers, strict=True))


def is_healthy(report: Report) -> bool:
    return all(answer == OK for answer in report.values())


class Lookout:
    """Looks now and then at most; whoever asks meanwhile shares what was or is being seen."""

    def __init__(self, look: Callable[[], Awaitable[Report]] = look) -> None:
        self._look = look
        self._looking: asyncio.Task[Report] | None = None
        self._stale_from = float("-inf")

    async def report(self) -> Report:
        if self._looking is None or self._is_stale(self._looking):
            self._looking = asyncio.ensure_future(self._look_once())
        # Shielded: one impatient asker must not end the look for the others.
        return await asyncio.shield(self._looking)

    async def _look_once(self) -> Report:
        fresh_s = FRESH_WHILE_ILL_S
        try:
            report = await self._look()
            fresh_s = FRESH_S if is_healthy(report) else FRESH_WHILE_ILL_S
            return report
        finally:
            self._stale_from = time.monotonic() + fresh_s

    def _is_stale(self, looking: "asyncio.Task[Report]") -> bool:
        # A task belongs to its event loop: under WSGI, and in tests, every request has a loop of its own.
        other_loop = looking.get_loop() is not asyncio.get_running_loop()
        return other_loop or (looking.done() and time.monotonic() >= self._stale_from)


lookout = Lookout()


@never_cache
@require_safe
async def healthz(request: HttpRequest) -> JsonResponse:
    report = await lookout.report()
    return JsonResponse(report, status=200 if is_healthy(report) else 503)
