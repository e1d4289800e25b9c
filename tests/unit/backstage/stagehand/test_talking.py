"""The talking ring: whatever happens to one Backstage, the others go on being told."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from uuid import UUID, uuid4

import pytest

from backstage import services
from backstage.stagehand.talking import TalkingRing, Voices
from tests.unit.backstage.stagehand.world import feed

#: Nothing is asked of it, but the thread that tells looks after the connections that others left there.
pytestmark = pytest.mark.django_db
DEADLINE_S = 10.0
FIRST, SECOND = uuid4(), uuid4()


def talking() -> Voices:
    voices = Voices()
    voices.note(11, True)
    return voices


class Told:
    """What Backstages are told, instead of telling them; `at` may do something in the middle of it."""

    def __init__(self) -> None:
        self.sessions: list[UUID] = []
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()

    def at(self, session_id: UUID) -> None:
        pass

    def __call__(self, *, session_id: UUID, slots: Iterable[int]) -> None:
        self.sessions.append(session_id)
        self._loop.call_soon_threadsafe(self._news.set)
        self.at(session_id)

    async def until(self, session_id: UUID) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while session_id not in self.sessions:
                self._news.clear()
                await self._news.wait()


@pytest.fixture
async def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    instead = Told()
    monkeypatch.setattr(services, "talking_changed", instead)
    return instead


@pytest.fixture
async def ring() -> AsyncIterator[TalkingRing]:
    made = TalkingRing()
    work = asyncio.create_task(made.tell_forever())
    yield made
    assert not work.done(), "it ended by itself"
    work.cancel()


async def test_one_that_is_forgotten_while_another_is_told_ends_nothing(
    ring: TalkingRing, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(told, "at", lambda _session_id: ring.forget(SECOND))
    ring.look_at(FIRST, talking(), {1: feed(11)})
    ring.look_at(SECOND, talking(), {1: feed(11)})
    await told.until(FIRST)
    third = uuid4()
    ring.look_at(third, talking(), {1: feed(11)})
    await told.until(third)
    assert SECOND not in told.sessions


async def test_one_that_cannot_be_told_keeps_nobody_from_being_told(
    ring: TalkingRing, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(session_id: UUID) -> None:
        if session_id == FIRST:
            raise ConnectionError

    monkeypatch.setattr(told, "at", fail)
    ring.look_at(FIRST, talking(), {1: feed(11)})
    ring.look_at(SECOND, talking(), {1: feed(11)})
    await told.until(SECOND)
