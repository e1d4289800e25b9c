"""A presence outlives a Redis that dies: whoever sits in front of their camera keeps the place."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from backstage.consumers import attendance
from backstage.consumers.attendance import Attendance
from hopin_backstage.realtime.presence import Presence, presence

PLACE = "backstage.test"


@pytest.fixture
async def here(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Attendance]:
    monkeypatch.setattr(attendance, "PRESENCE_RENEW_S", 0.05)
    monkeypatch.setattr(attendance, "TRY_AGAIN_S", 0.05)
    present = Attendance(PLACE, 7, "line")
    await present.begin()
    yield present
    await present.end()


async def is_here() -> bool:
    return "7" in await presence().people(PLACE)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.02)


async def test_a_renewal_that_fails_is_not_the_last(
    here: Attendance, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(is_here)
    wrong_port = "redis://127.0.0.1:1/0"
    with monkeypatch.context() as away:
        away.setattr("django.conf.settings.REDIS_URL", wrong_port)
        unreachable = Presence()
    good = presence()
    failed: list[Presence] = []

    def unreachable_once_more() -> Presence:
        failed.append(unreachable)
        return unreachable

    async def failed_often() -> bool:
        return len(failed) >= 3

    monkeypatch.setattr(attendance, "presence", unreachable_once_more)
    await good.end(PLACE, "7/line")
    await until(failed_often)
    assert not await is_here()
    monkeypatch.setattr(attendance, "presence", lambda: good)
    await until(is_here)
