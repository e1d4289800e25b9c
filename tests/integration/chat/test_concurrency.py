"""Many people, tabs and processes at once: numbers without gaps, what is sent twice once, five in five seconds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from chat import services
from chat.models import Message, ReadMark, Room
from events.models import Block, User
from tests.at_once import at_once
from tests.integration.chat.conftest import Somebody
from tests.integration.chat.history import assert_without_gaps

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    pytest.mark.usefixtures("no_pace_ends"),
]

AT_ONCE = 8


def sending(actor: User, room: Room, client_id: Any = None) -> Callable[[], Message]:
    post = services.Post(actor=actor, client_id=client_id or uuid4(), text="Hello")
    return lambda: services.send(room=room, post=post)


def test_numbers_have_no_gaps(event_room: Room, somebody: Somebody) -> None:
    people = [somebody() for _ in range(AT_ONCE)]
    for _ in range(4):
        at_once(*[sending(person, event_room) for person in people])
    assert_without_gaps(event_room, count=4 * AT_ONCE)


def test_what_two_tabs_send_again_is_there_once(event_room: Room, ada: User) -> None:
    client_id = uuid4()
    sent = at_once(*[sending(ada, event_room, client_id) for _ in range(AT_ONCE)])
    assert len({message.pk for message in sent}) == 1
    assert_without_gaps(event_room, count=1)


def test_five_in_five_seconds_whatever_the_tabs_and_rooms(
    event_room: Room, backstage_room: Room, sam: User
) -> None:
    rooms = [event_room, backstage_room] * AT_ONCE
    sent = at_once(*[sending(sam, room) for room in rooms])
    assert sent.count("message.too_fast") == len(rooms) - 5
    for room in (event_room, backstage_room):
        assert_without_gaps(room)
    assert Message.objects.count() == 5


def test_one_persons_messages_wait_for_one_another_in_all_rooms(
    event_room: Room, backstage_room: Room, sam: User
) -> None:
    """Else five could be counted here while five are not yet committed there."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            for _ in range(5):
                sending(sam, event_room)()
            sixth = pool.submit(at_once, sending(sam, backstage_room))
            with pytest.raises(TimeoutError):
                sixth.result(0.5)
        assert sixth.result(10) == ["message.too_fast"]


def batch(room: Room, people: list[User]) -> Callable[[], list[Any]]:
    posts = [services.Post(actor=person, client_id=uuid4(), text="Hello") for person in people]
    return lambda: services.send_all(room=room, posts=posts)


def test_batches_of_the_same_people_wait_for_one_another(
    event_room: Room, backstage_room: Room, somebody: Somebody
) -> None:
    people = [somebody(inside=True) for _ in range(AT_ONCE)]
    for _ in range(3):
        orders = [people, people[::-1], people[3:] + people[:3]]
        sent = at_once(*[batch(room, order) for room in (event_room, backstage_room) for order in orders])
        assert [len(outcomes) for outcomes in sent] == [AT_ONCE] * 6
    assert Message.objects.count() == 5 * AT_ONCE, "five in five seconds"
    for room in (event_room, backstage_room):
        assert_without_gaps(room)


def test_no_two_batches_hold_whom_the_other_waits_for(
    event_room: Room, backstage_room: Room, somebody: Somebody
) -> None:
    """While both wait for somebody in the middle, neither has come to that person from the other side."""
    people = sorted([somebody(inside=True) for _ in range(3)], key=lambda person: person.pk)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            # On SQLite this is the lock of everything, as any transaction's.
            User.objects.select_for_update(no_key=True).get(pk=people[1].pk)
            waiting = [
                pool.submit(at_once, batch(room, order))
                for room, order in ((event_room, people), (backstage_room, people[::-1]))
            ]
            for each in waiting:
                with pytest.raises(TimeoutError):
                    each.result(0.5)
        assert [len(each.result(10)[0]) for each in waiting] == [3, 3]


def test_whoever_is_muted_sends_nothing_from_then_on(event_room: Room, olivia: User, ada: User) -> None:
    """Muting waits for what the person is just sending, so nothing of theirs comes behind it."""
    muting = lambda: services.mute(actor=olivia, event=event_room.event, person_id=ada.pk, muted=True)  # noqa: E731
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            sending(ada, event_room)()
            muted = pool.submit(at_once, muting)
            with pytest.raises(TimeoutError):
                muted.result(0.5)
        assert muted.result(10) == [None]
    assert at_once(sending(ada, event_room)) == ["chat.muted"]


@pytest.mark.parametrize("lock", ["room", "person"])
def test_what_happens_to_whoever_waits_for_a_lock_counts(event_room: Room, ada: User, lock: str) -> None:
    """All that is asked of them is asked behind the lock, though it travels with it."""
    sending(ada, event_room)()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            if lock == "room":
                Room.objects.select_for_update().get(pk=event_room.pk)
            else:
                User.objects.select_for_update(no_key=True).get(pk=ada.pk)
            waiting = pool.submit(at_once, sending(ada, event_room))
            with pytest.raises(TimeoutError):
                waiting.result(0.5)
            Block.objects.create(event=event_room.event, user=ada)
        assert waiting.result(10) == ["blocked"]
    assert_without_gaps(event_room, count=1)


def test_one_deletion_of_many_counts(event_room: Room, olivia: User, ada: User) -> None:
    message = sending(ada, event_room)()
    at_once(
        *[
            lambda who=who: services.delete(actor=who, room=event_room, message_id=message.pk)
            for who in [olivia, ada] * 4
        ]
    )
    event_room.refresh_from_db()
    message.refresh_from_db()
    assert (event_room.revision, message.deletion_revision) == (2, 2)


def test_the_furthest_of_many_read_marks_stays(event_room: Room, ada: User, sam: User) -> None:
    for _ in range(5):
        sending(sam, event_room)()
    at_once(
        *[
            lambda number=number: services.mark_read(actor=ada, room=event_room, number=number)
            for number in (3, 1, 5, 2, 4)
        ]
    )
    assert ReadMark.objects.get().number == 5


def test_a_room_is_made_once(session: Any) -> None:
    made = at_once(
        *[lambda: services.room_of_event(session.stage.event) for _ in range(4)],
        *[lambda: services.room_of_backstage(session) for _ in range(4)],
    )
    assert len({room.pk for room in made}) == 2
    assert Room.objects.count() == 2
