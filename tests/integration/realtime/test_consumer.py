"""A consumer's life: who may stay is looked at again and again, and what was begun is ended, whatever breaks."""

import asyncio
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError

from hopin_backstage.realtime import consumer, groups, publish
from hopin_backstage.realtime.access import AccessChanged
from tests.integration.realtime.ear import Ear, Noted, Word, ear, hears, tell
from tests.janus.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True)]
looks: list[str] = []
ended: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_yet() -> None:
    looks.clear()
    ended.clear()


class Forgetful(Ear):
    async def recheck(self) -> None:
        looks.append("looked")
        if len(looks) == 1:
            raise OperationalError("away")
        await self.send_notice(Word(number=len(looks)))


async def test_a_look_that_failed_is_made_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "RECHECK_AGAIN_S", 0.05)
    async with ear(Forgetful) as communicator:
        person: Any = communicator.scope["user"]  # type: ignore[typeddict-item]
        await database_sync_to_async(publish)(groups.user(person.pk), AccessChanged())
        assert await hears(communicator) == "test.word 2"
        assert await communicator.receive_nothing()


async def test_nobody_hears_anything_after_the_end() -> None:
    async with ear():
        pass
    async with ear() as communicator:
        await tell(Word(number=1))
        assert await hears(communicator) == "test.word 1"


class Slow(Ear):
    ending: asyncio.Event

    async def enter(self) -> None:
        await super().enter()
        self.at_end(self._end_slowly)

    async def _end_slowly(self) -> None:
        self.ending.set()
        await tell(Word(number=2))
        await asyncio.sleep(0.3)


@pytest.mark.parametrize("ends", ["by the page", "by the server"])
async def test_nobody_is_written_anything_while_it_ends(ends: str) -> None:
    Slow.ending = asyncio.Event()
    outlet = Noted()
    async with ear(Slow, outlet=outlet) as communicator:
        await tell(Word(number=1))
        await eventually(lambda: outlet.frames)
        if ends == "by the server":
            communicator.future.cancel()
    assert Slow.ending.is_set()
    assert len(outlet.frames) == 1


class Untidy(Ear):
    async def enter(self) -> None:
        self.at_end(self._end_first)
        self.at_end(self._end_in_vain)
        self.at_end(self._end_last)
        await super().enter()

    async def _end_first(self) -> None:
        ended.append("what was begun first")

    async def _end_in_vain(self) -> None:
        raise OperationalError("away")

    async def _end_last(self) -> None:
        ended.append("what was begun last")


async def test_one_thing_that_cannot_be_ended_keeps_no_other_from_ending() -> None:
    async with ear(Untidy):
        assert not ended
    assert ended == ["what was begun last", "what was begun first"]
