"""What a consumer is told comes in order, through its filter, in turn with its work, and never without a bound."""

import asyncio
from typing import Any

import pytest
from django.db import OperationalError

from hopin_backstage.realtime import Refused, consumer, mail
from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.close_codes import CLOSE_FORBIDDEN, CLOSE_TOO_SLOW
from hopin_backstage.realtime.consumer import WireConsumer
from tests.integration.realtime.ear import Ear, Secret, Task, Word, closed, ear, hears, message, tell

pytestmark = [pytest.mark.django_db(transaction=True)]


class OldEar(Ear):
    """Looks at everything in `pass_on`, and knows nothing of ways."""

    way = WireConsumer.way

    async def pass_on(self, message: dict[str, Any]) -> None:
        if message["notice"] != Secret.wire_type:
            await self.send(text_data=message["frame"])


@pytest.mark.parametrize("kind", [Ear, OldEar])
async def test_notices_come_in_order_and_through_the_filter(kind: type[WireConsumer]) -> None:
    async with ear(kind) as communicator:
        await tell(Word(number=1), Secret(), Task(), Word(number=2), Secret(), Word(number=3))
        told = [await hears(communicator) for _ in range(4)]
        assert told == ["test.word 1", "test.task", "test.word 2", "test.word 3"]
        assert await communicator.receive_nothing()


class Clumsy(Ear):
    async def pass_on(self, message: dict[str, Any]) -> None:
        raise OperationalError("away")


async def test_a_notice_that_failed_costs_nobody_the_line() -> None:
    async with ear(Clumsy) as communicator:
        await tell(Task(), Word(number=1))
        assert await hears(communicator) == "test.word 1"


# --- Looks, and catching up ----------------------------
class Thorough(Ear):
    looking: asyncio.Event

    async def recheck(self) -> None:
        """What it sends is as it was when it began to look."""
        self.looking.set()
        await asyncio.sleep(0.2)
        await self.send_notice(Word(number=100))


async def test_what_is_told_during_a_look_comes_behind_what_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "RECHECK_S", 0.1)
    Thorough.looking = asyncio.Event()
    async with ear(Thorough) as communicator:
        await asyncio.wait_for(Thorough.looking.wait(), 5)
        monkeypatch.setattr(consumer, "RECHECK_S", 60.0)
        await tell(Word(number=1))
        assert [await hears(communicator) for _ in range(2)] == ["test.word 100", "test.word 1"]


async def test_whoever_may_have_missed_something_is_looked_at_then_told_to_catch_up() -> None:
    Thorough.looking = asyncio.Event()
    async with ear(Thorough) as communicator:
        await tell(CatchUp())
        assert [await hears(communicator) for _ in range(2)] == ["test.word 100", "line.catch_up"]
        assert await communicator.receive_nothing()


class Unwelcome(Ear):
    async def recheck(self) -> None:
        raise Refused("gone", "Not here any more.")


async def test_whoever_may_not_be_here_any_more_is_told_that_and_nothing_of_what_was_missed() -> None:
    async with ear(Unwelcome) as communicator:
        await tell(CatchUp())
        assert (await message(communicator))["code"] == "gone"
        assert await closed(communicator) == CLOSE_FORBIDDEN
        await tell(Word(number=1), Task())
        assert await communicator.receive_nothing()


# --- The bound ----------------------------
class Busy(Ear):
    """At work on one thing until it is told that this is done."""

    done = asyncio.Event()

    async def pass_on(self, message: dict[str, Any]) -> None:
        await self.done.wait()


async def test_who_has_no_end_of_work_is_told_why_the_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_MAIL", 20)
    Busy.done = asyncio.Event()
    async with ear(Busy) as communicator:
        await tell(Task(), *[Word(number=number) for number in range(1, 100)])
        farewell = await message(communicator)
        assert (farewell["re"], farewell["code"]) == (None, "too_slow")
        assert (
            farewell["text"]
            == "More happened here than this page could be told. It connects again by itself."
        )
        assert await closed(communicator) == CLOSE_TOO_SLOW
        # What was missed nobody is told in part.
        Busy.done.set()
        assert await communicator.receive_nothing()


async def test_a_busy_hour_is_no_reason_to_end_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "MOST_MAIL", 20)
    Busy.done = asyncio.Event()
    async with ear(Busy) as communicator:
        await tell(Task(), *[Word(number=number) for number in range(1, 21)])
        Busy.done.set()
        assert [await hears(communicator) for _ in range(20)] == [f"test.word {n}" for n in range(1, 21)]
