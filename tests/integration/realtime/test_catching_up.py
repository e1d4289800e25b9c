"""Everybody is told to catch up, and not faster than they are answered."""

import asyncio
import threading

from asgiref.sync import sync_to_async

from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.fanout import CATCH_UP_AT_ONCE, CATCH_UP_EVERY_S, Hub
from hopin_backstage.realtime.told import Told

MEMBERS = 3 * CATCH_UP_AT_ONCE


async def test_the_next_are_told_when_what_the_former_asked_has_been_answered() -> None:
    may_answer = threading.Semaphore(0)
    told: list[str] = []
    asking: list[asyncio.Future[object]] = []

    class Page:
        def hear(self, notice: Told) -> None:
            told.append(notice.kind)
            asking.append(asyncio.ensure_future(sync_to_async(may_answer.acquire)()))

    hub = Hub()
    hub._groups = {"room": {Page(): None for _ in range(MEMBERS)}}  # noqa: SLF001
    hub._repaired()  # noqa: SLF001
    try:
        for round_ in (1, 2, 3):
            async with asyncio.timeout(5):
                while len(told) < round_ * CATCH_UP_AT_ONCE:  # noqa: ASYNC110
                    await asyncio.sleep(0)
            # The thread is at work on what these asked: that is not the time for others to ask.
            await asyncio.sleep(3 * CATCH_UP_EVERY_S)
            assert len(told) == round_ * CATCH_UP_AT_ONCE
            may_answer.release(CATCH_UP_AT_ONCE)
        assert set(told) == {CatchUp.wire_type}
        await asyncio.gather(*asking)
    finally:
        may_answer.release(MEMBERS)
