"""Messages that wait for a room are stored together; whatever becomes of one is nothing to the others."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from django.db import OperationalError, close_old_connections, connection, transaction

from chat import group_commit, kept_connection, messages
from chat.kept_connection import LOOK_EVERY_S
from chat.models import Message, Room
from chat.prepared import Reading
from chat.services import Post, writing
from chat.services.announcing import locked
from events.models import User
from hopin_backstage.realtime import Refused
from tests.integration.chat.conftest import Meanwhile, Somebody
from tests.integration.chat.history import assert_without_gaps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

MANY = 20


@pytest.fixture
def people(somebody: Somebody) -> list[User]:
    return [somebody() for _ in range(MANY)]


def sending(
    room: Room, actor: User, text: str = "Hello", client_id: UUID | None = None
) -> Coroutine[Any, Any, messages.Message]:
    return group_commit.send(room, Post(actor=actor, client_id=client_id or uuid4(), text=text))


async def at_once(*sendings: Coroutine[Any, Any, messages.Message]) -> list[Any]:
    """The number of each, or with what it was refused, or what went wrong."""
    answers = await asyncio.wait_for(asyncio.gather(*sendings, return_exceptions=True), 20)
    return [_short(answer) for answer in answers]


def _short(answer: messages.Message | BaseException) -> object:
    if isinstance(answer, messages.Message):
        return answer.number
    return answer.code if isinstance(answer, Refused) else type(answer)


async def stored(room: Room) -> list[tuple[int, str]]:
    """By their numbers, which are without gaps."""

    def ask() -> list[tuple[int, str]]:
        assert_without_gaps(room)
        return list(room.messages.order_by("number").values_list("number", "text"))

    return await database_sync_to_async(ask)()


async def test_what_waits_is_stored_together_and_in_order(event_room: Room, people: list[User]) -> None:
    sent = [sending(event_room, person, f"Message {place}") for place, person in enumerate(people, start=1)]
    assert await at_once(*sent) == list(range(1, MANY + 1))
    assert await stored(event_room) == [(place, f"Message {place}") for place in range(1, MANY + 1)]
    # What is stored together has the same time: everything was there when the thread was free for it.
    times = await database_sync_to_async(lambda: set(Message.objects.values_list("created_at", flat=True)))()
    assert len(times) == 1


async def test_more_than_a_batch_holds_is_stored_in_several(
    event_room: Room, people: list[User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "MOST_TOGETHER", 8)
    assert await at_once(*[sending(event_room, person) for person in people]) == list(range(1, MANY + 1))
    times = await database_sync_to_async(lambda: set(Message.objects.values_list("created_at", flat=True)))()
    assert len(times) == 3


async def test_one_that_fails_fails_alone(event_room: Room, people: list[User]) -> None:
    nonsense: Any = "no UUID, which no codec lets through"
    sent = [
        sending(event_room, people[0]),
        sending(event_room, people[1], client_id=nonsense),
        sending(event_room, people[2], ""),
        sending(event_room, people[3]),
    ]
    first, failed, refused, last = await at_once(*sent)
    assert (first, refused, last) == (1, "message.empty", 2)
    assert issubclass(failed, Exception)
    assert len(await stored(event_room)) == 2


async def test_a_batch_that_is_rolled_back_is_sent_again_one_by_one(
    event_room: Room, people: list[User], meanwhile: Meanwhile
) -> None:
    """Somebody who is mentioned closes their account meanwhile: the database notices when all is to be committed."""
    mentioned = people.pop()
    name = "Robin Vale"
    await database_sync_to_async(rename)(mentioned, name)
    meanwhile(mentioned.delete)
    texts = [f"Hello @{name}" if place == 3 else "Hello" for place in range(len(people))]
    sent = [sending(event_room, person, text) for person, text in zip(people, texts, strict=True)]
    assert await at_once(*sent) == list(range(1, len(people) + 1))
    assert [text for _, text in await stored(event_room)] == texts


@pytest.fixture
async def _kept(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The thread keeps its connection, as in production, for as long as this test."""
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", None)
    monkeypatch.setattr(kept_connection, "_looked", kept_connection._Looked())  # noqa: SLF001
    close = database_sync_to_async(lambda: connection.close())
    await close()
    yield
    await close()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no plans to keep")
@pytest.mark.usefixtures("_kept")
async def test_a_plan_that_is_gone_costs_nobody_their_message(event_room: Room, people: list[User]) -> None:
    assert await at_once(sending(event_room, people[0])) == [1]
    assert await database_sync_to_async(drop_plans)() > 0
    assert await at_once(sending(event_room, people[1])) == [2]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has none to lose")
@pytest.mark.usefixtures("_kept")
async def test_a_connection_that_was_lost_costs_nobody_a_message(
    event_room: Room, people: list[User]
) -> None:
    """Also where nobody has looked at it since: each message is right behind another."""
    for number in range(1, 4):
        assert await at_once(sending(event_room, people[0])) == [2 * number - 1]
        process = await sync_to_async(server_process)()
        await asyncio.to_thread(end, process)
        assert await at_once(sending(event_room, people[1])) == [2 * number]


@pytest.fixture
def looks(_kept: None, monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """One for each time that the database was asked whether it is there."""
    looks: list[None] = []
    monkeypatch.setattr(
        kept_connection, "close_old_connections", lambda: looks.append(close_old_connections())
    )
    return looks


async def test_messages_in_a_row_ask_once_in_a_while_whether_the_database_is_there(
    event_room: Room, people: list[User], looks: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = time.monotonic() + 2 * LOOK_EVERY_S
    for after_s, looked in ((0.0, 1), (0.0, 1), (0.9 * LOOK_EVERY_S, 1), (LOOK_EVERY_S, 2)):
        monkeypatch.setattr(kept_connection, "monotonic", lambda after_s=after_s: now_s + after_s)
        await at_once(sending(event_room, people[0]))
        assert len(looks) == looked


async def test_after_an_error_it_is_asked_before_the_next_batch(
    event_room: Room, people: list[User], looks: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_connection, "LOOK_EVERY_S", math.inf)
    nonsense: Any = "no UUID, which no codec lets through"
    for client_id, looked in ((None, 1), (None, 1), (nonsense, 1), (None, 2), (None, 2)):
        await at_once(sending(event_room, people[0], client_id=client_id))
        assert len(looks) == looked


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    return int(process)


def end(process: int) -> None:
    """By another connection."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [process])
            for _ in range(500):
                cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [process])
                if cursor.fetchone() == (0,):
                    return
                time.sleep(0.01)
            raise AssertionError("It does not end.")
    finally:
        connection.close()


def drop_plans() -> int:
    """How many there were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        [count] = cursor.fetchone()
        cursor.execute("DEALLOCATE ALL")
    return int(count)


def rename(user: User, name: str) -> None:
    User.objects.filter(pk=user.pk).update(display_name=name)


@pytest.fixture
async def _impatient(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The database waits half a second for another's lock."""
    patience_s = 0.5
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    if connection.vendor == "sqlite":
        monkeypatch.setitem(options, "timeout", patience_s)
    else:
        monkeypatch.setitem(options, "options", f"-c lock_timeout={patience_s * 1000:.0f}")
    # The thread's next connection has the new patience, and the one after this test the old.
    close = database_sync_to_async(lambda: connection.close())
    await close()
    yield
    await close()


@pytest.mark.usefixtures("_impatient")
async def test_a_database_that_is_busy_is_told_to_each_and_waited_for_once(
    event_room: Room, people: list[User], looks: list[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_connection, "LOOK_EVERY_S", math.inf)
    is_held, may_end = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        with transaction.atomic():
            Room.objects.select_for_update().get(pk=event_room.pk)
            loop.call_soon_threadsafe(is_held.set)
            asyncio.run_coroutine_threadsafe(may_end.wait(), loop).result(20)
        connection.close()

    asked_for: list[UUID] = []

    def counted(room_id: UUID, *readings: Reading[Any]) -> AbstractContextManager[Room]:
        asked_for.append(room_id)
        return locked(room_id, *readings)

    monkeypatch.setattr(writing, "locked", counted)
    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.wait_for(is_held.wait(), 10)
    try:
        failed = await at_once(*[sending(event_room, person) for person in people])
    finally:
        may_end.set()
        await holding
    assert failed == [OperationalError] * MANY
    assert asked_for == [event_room.pk], "once for all of them"
    assert len(looks) == 1
    assert await at_once(sending(event_room, people[0])) == [1]
    assert len(looks) == 2


async def test_who_does_not_wait_for_the_answer_has_sent_all_the_same(
    event_room: Room, people: list[User]
) -> None:
    """Sent, and the tab closed."""
    impatient = asyncio.create_task(sending(event_room, people[0], "Bye"))
    others = [asyncio.create_task(sending(event_room, person)) for person in people[1:3]]
    await asyncio.sleep(0)
    impatient.cancel()
    assert [(await asyncio.wait_for(other, 10)).number for other in others] == [2, 3]
    assert impatient.cancelled()
    assert (await stored(event_room))[0] == (1, "Bye")


async def test_what_comes_while_others_are_stored_is_stored_next(
    event_room: Room, backstage_room: Room, people: list[User], sam: User
) -> None:
    """Until nothing waits; and each room by itself."""
    numbers: list[int] = []

    async def write(person: User, times: int) -> None:
        numbers.extend([(await sending(event_room, person)).number for _ in range(times)])

    writing_all = [write(person, 1 + place % 4) for place, person in enumerate(people)]
    _, beside = await asyncio.wait_for(
        asyncio.gather(asyncio.gather(*writing_all), sending(backstage_room, sam)), 30
    )
    assert beside.number == 1
    count = sum(1 + place % 4 for place in range(MANY))
    assert sorted(numbers) == list(range(1, count + 1))
    assert len(await stored(event_room)) == count
    assert group_commit._queues == {}, "nothing is kept of a room at rest"  # noqa: SLF001


async def test_one_persons_messages_keep_their_order(event_room: Room, ada: User, people: list[User]) -> None:
    texts = [f"Step {step}" for step in range(5)]
    sent: Sequence[Coroutine[Any, Any, messages.Message]] = [
        each
        for person, text in zip(people, texts, strict=False)
        for each in (sending(event_room, person), sending(event_room, ada, text))
    ]
    await at_once(*sent)
    assert [text for _, text in await stored(event_room) if text.startswith("Step")] == texts


async def test_a_room_that_is_gone_is_told_to_each(event_room: Room, people: list[User]) -> None:
    await database_sync_to_async(Room.objects.filter(pk=event_room.pk).delete)()
    assert await at_once(*[sending(event_room, person) for person in people[:3]]) == [Room.DoesNotExist] * 3
