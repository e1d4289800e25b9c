"""A consumer whose database is away for a moment goes on, and what it looks up itself keeps its turn."""

import asyncio
import json
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError

from hopin_backstage.realtime import consumer, groups, publish
from hopin_backstage.realtime.access import AccessChanged
from tests.integration.realtime.test_fallback import Ear, Task, Word, ear, hears, tell

pytestmark = [pytest.mark.django_db(transaction=True)]
looks: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_yet() -> None:
    looks.clear()


class Forgetful(Ear):
    async def recheck(self) -> None:
        looks.append("looked")
        if len(looks) == 1:
            raise OperationalError("away")
        await self.send_notice(Word(number=len(looks)))


async def test_a_look_that_failed_is_made_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "RECHECK_AGAIN_S", 0.05)
    async with ear(Forgetful) as communicator:
        assert await hears(communicator) == "test.word 0"
        person: Any = communicator.scope["user"]  # type: ignore[typeddict-item]
        await database_sync_to_async(publish)(groups.user(person.pk), AccessChanged())
        assert await hears(communicator) == "test.word 2"
        assert await communicator.receive_nothing()


class Clumsy(Ear):
    async def pass_on(self, message: dict[str, Any]) -> None:
        raise OperationalError("away")


async def test_a_notice_that_failed_costs_nobody_the_line() -> None:
    async with ear(Clumsy) as communicator:
        assert await hears(communicator) == "test.word 0"
        await tell(Task(), Word(number=1))
        assert await hears(communicator) == "test.word 1"


class Thorough(Ear):
    async def recheck(self) -> None:
        """What it sends is as it was when it began to look."""
        looks.append("looked")
        await asyncio.sleep(0.2)
        await self.send_notice(Word(number=100))


async def test_what_is_told_during_a_look_comes_behind_what_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "RECHECK_S", 0.1)
    async with ear(Thorough) as communicator:
        assert await hears(communicator) == "test.word 0"
        async with asyncio.timeout(5):
            while not looks:  # noqa: ASYNC110 - a look tells nobody
                await asyncio.sleep(0.01)
        monkeypatch.setattr(consumer, "RECHECK_S", 60.0)
        await tell(Word(number=1))
        assert [await hears(communicator) for _ in range(2)] == ["test.word 100", "test.word 1"]


class Busy(Ear):
    """At work on one thing until it is told that this is done."""

    done = asyncio.Event()

    async def pass_on(self, message: dict[str, Any]) -> None:
        await self.done.wait()


async def test_who_has_no_end_of_work_is_told_why_the_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "MOST_MAIL", 20)
    Busy.done = asyncio.Event()
    async with ear(Busy) as communicator:
        assert await hears(communicator) == "test.word 0"
        await tell(Task(), *[Word(number=number) for number in range(1, 100)])
        farewell = json.loads(await communicator.receive_from(timeout=5))
        assert (farewell["re"], farewell["code"]) == (None, "too_slow")
        assert (
            farewell["text"]
            == "More happened here than this page could be told. It connects again by itself."
        )
        assert await communicator.receive_output(timeout=5) == {
            "type": "websocket.close",
            "code": consumer.CLOSE_TOO_SLOW,
        }
        # What was missed nobody is told in part.
        Busy.done.set()
        assert await communicator.receive_nothing()


async def test_a_busy_hour_is_no_reason_to_end_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumer, "MOST_MAIL", 20)
    Busy.done = asyncio.Event()
    async with ear(Busy) as communicator:
        assert await hears(communicator) == "test.word 0"
        await tell(Task(), *[Word(number=number) for number in range(1, 21)])
        Busy.done.set()
        assert [await hears(communicator) for _ in range(20)] == [f"test.word {n}" for n in range(1, 21)]
