"""What an insert and an update that are compiled once store is what the ORM would have stored."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.exceptions import FieldDoesNotExist

from backstage.models import BackstageSession
from chat.models import Message, Room
from chat.prepared import PreparedInsert, PreparedUpdate, run
from events.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.database]

AWKWARD = "'; DROP TABLE chat_message; -- \\ \\' \" %s %% $1 ? 😀 \n e\u0301 \u202e"


def test_all_fields_are_stored_whatever_stands_in_them(
    event_room: Room, session: BackstageSession, ada: User
) -> None:
    insert = PreparedInsert(Message)
    then = datetime(2026, 11, 27, 14, 3, 12, 345_678, UTC)
    full = Message(
        room=event_room,
        number=4_000_000_000,
        author=ada,
        role=Message.Role.SPEAKER,
        text=AWKWARD,
        created_at=then,
        stage=session.stage,
        seen_at=then,
    )
    bare = Message(room=event_room, number=1, text="?")
    run(insert.of(full), insert.of(bare))
    for message in (full, bare):
        stored = Message.objects.get(pk=message.pk)
        for field in Message._meta.concrete_fields:
            assert getattr(stored, field.attname) == getattr(message, field.attname), field.name


def test_what_was_inserted_is_changed_by_saving_it(event_room: Room, ada: User) -> None:
    message = Message(room=event_room, number=1, author=ada, text="Before")
    run(PreparedInsert(Message).of(message))
    message.text = "After"
    message.save()
    assert Message.objects.get().text == "After"


def test_only_the_named_fields_of_the_one_object_are_changed(event_room: Room, backstage_room: Room) -> None:
    update = PreparedUpdate(Room, "last_number", "revision")
    for number in (7, 5_000_000_000):
        event_room.last_number, event_room.revision, event_room.kind = number, number + 1, "nonsense"
        run(update.of(event_room))
        stored = Room.objects.get(pk=event_room.pk)
        assert (stored.last_number, stored.revision, stored.kind) == (number, number + 1, Room.Kind.EVENT)
    other = Room.objects.get(pk=backstage_room.pk)
    assert (other.last_number, other.revision) == (0, 0)


def test_what_is_not_there_is_not_changed_and_not_made(event_room: Room) -> None:
    run(PreparedUpdate(Room, "last_number").of(Room(pk=uuid4(), last_number=1)))
    [room] = Room.objects.all()
    assert (room.pk, room.last_number) == (event_room.pk, 0)


def test_a_field_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(FieldDoesNotExist):
        PreparedUpdate(Room, "revision", "last_numbre")


def test_a_field_that_may_be_none_is_a_mistake(event_room: Room) -> None:
    """Django compiles it to something else then."""
    with pytest.raises(TypeError):
        PreparedUpdate(Message, "seen_at").of(Message(room=event_room, number=1, text="?"))
