"""What ends in a line ends at once, though everything else that reads the database has to wait."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar
from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from django.db import connections
from django.utils import timezone

from backstage.messages import Layout
from backstage.models import BackstageSession, Broadcast, Participant, Slot
from backstage.services import backstage_of
from backstage.stagehand import line_keeper
from backstage.stagehand.desired import DesiredLine, read_for_lines
from backstage.stagehand.line_keeper import LineKeeper
from backstage.stagehand.show_line import Aired, Ended, Outcome, ShowLine
from tests.factories import StageFactory, UserFactory
from tests.janus.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)
Written = TypeVar("Written")
FEED = 11
#: From the commit to an empty line, without a notice.
AT_ONCE_S = 1.0


class Show:
    """On air for a while, with one person on screen in slot 1."""

    def __init__(self) -> None:
        self.session: BackstageSession = backstage_of(StageFactory())
        participant = Participant.objects.create(backstage_session=self.session, user=UserFactory())
        Slot.objects.create(backstage_session=self.session, index=1, participant=participant, feed=FEED)
        self.broadcast = self._broadcast()
        self.outcomes: list[Outcome] = []
        self.line = ShowLine(10, "127.0.0.1", self.outcomes.append)

    def _broadcast(self) -> Broadcast:
        return Broadcast.objects.create(
            backstage_session=self.session, delay_s=10, capture_began_at=timezone.now()
        )

    def stop(self) -> None:
        self.broadcast.stopped_at = timezone.now()
        self.broadcast.save()

    def cut(self) -> None:
        self.broadcast.cut_at = self.broadcast.stopped_at = timezone.now()
        self.broadcast.save()

    def cut_and_begin_another(self) -> UUID:
        self.cut()
        return self._broadcast().id

    def remove(self) -> None:
        Slot.objects.filter(backstage_session=self.session).delete()

    def delete(self) -> None:
        Broadcast.objects.filter(backstage_session=self.session).delete()

    async def go_on_air(self) -> None:
        await self.line.open()
        self.line.begin(self.broadcast.id)
        self.line.accept(1, FEED)
        self.line.put_layout(Layout(live=True))

    def ended(self) -> list[UUID]:
        return [each.broadcast_id for each in self.outcomes if isinstance(each, Ended)]


@pytest.fixture
async def show() -> AsyncIterator[Show]:
    made = await database_sync_to_async(Show)()
    await made.go_on_air()
    yield made
    await made.line.close()


@asynccontextmanager
async def kept(show: Show) -> AsyncIterator[None]:
    keeper = LineKeeper({show.session.id: show.line})
    work = asyncio.create_task(keeper.keep_forever())
    yield
    assert not work.done(), "it ended by itself"
    work.cancel()
    keeper.close()


@pytest.fixture
async def keeper(show: Show) -> AsyncIterator[None]:
    async with kept(show):
        yield


@contextmanager
def busy_database_thread() -> Iterator[None]:
    """Whatever else goes to the database waits, as it would behind a lock."""
    done = threading.Event()
    blocked = asyncio.ensure_future(database_sync_to_async(done.wait)())
    try:
        yield
        assert not blocked.done()
    finally:
        done.set()


async def elsewhere(write: Callable[[], Written]) -> Written:
    """As a web process would."""

    def write_and_hang_up() -> Written:
        try:
            return write()
        finally:
            connections.close_all()

    return await asyncio.to_thread(write_and_hang_up)


@pytest.mark.usefixtures("keeper")
async def test_a_cut(show: Show) -> None:
    with busy_database_thread():
        await elsewhere(show.cut)
        await eventually(lambda: show.ended() == [show.broadcast.id], AT_ONCE_S)
    assert show.outcomes[-2] == Aired(Layout())
    assert not show.line.observed().accepting
    assert show.line.overtaken == 1


@pytest.mark.usefixtures("keeper")
async def test_a_cut_with_another_broadcast_right_behind_it(show: Show) -> None:
    another = await elsewhere(show.cut_and_begin_another)
    await eventually(lambda: show.ended() == [show.broadcast.id], AT_ONCE_S)
    show.line.begin(another)
    show.line.accept(1, FEED)
    # It has looked again, and more than once.
    await asyncio.sleep(AT_ONCE_S)
    assert show.line.observed().begun == {another}
    assert show.line.observed().accepting == {1: FEED}


@pytest.mark.usefixtures("keeper")
async def test_stop(show: Show) -> None:
    with busy_database_thread():
        await elsewhere(show.stop)
        await eventually(lambda: show.line.observed().finished == {show.broadcast.id}, AT_ONCE_S)
    assert not show.line.observed().accepting
    assert show.ended() == [], "the last seconds are still to play"


@pytest.mark.usefixtures("keeper")
async def test_remove(show: Show) -> None:
    with busy_database_thread():
        await elsewhere(show.remove)
        await eventually(lambda: not show.line.observed().accepting, AT_ONCE_S)
    assert show.line.observed().begun == {show.broadcast.id}, "the show goes on without them"


@pytest.mark.usefixtures("keeper")
async def test_a_broadcast_that_somebody_has_deleted(show: Show) -> None:
    await elsewhere(show.delete)
    await eventually(lambda: show.ended() == [show.broadcast.id], AT_ONCE_S)


async def test_what_was_read_before_a_broadcast_began_in_the_line_does_not_end_it(
    show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading, old = threading.Event(), threading.Event()

    def read_slowly(session_ids: Collection[UUID]) -> dict[UUID, DesiredLine]:
        wanted = read_for_lines(session_ids)
        reading.set()
        old.wait()
        return wanted

    monkeypatch.setattr(line_keeper, "read_for_lines", read_slowly)
    async with kept(show):
        await asyncio.to_thread(reading.wait)
        another = await elsewhere(show.cut_and_begin_another)
        show.line.begin(another)
        show.line.accept(1, FEED + 1)
        old.set()
        await eventually(lambda: show.ended() == [show.broadcast.id], AT_ONCE_S)
    assert another not in show.ended()
