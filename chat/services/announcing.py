"""One writer at a time for each room, and what everybody concerned is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction

from chat import messages, selectors
from chat.models import Message, Room
from chat.prepared import PreparedQuery, Reading, run
from hopin_backstage.realtime import Notice, groups, publish, publish_all

_LOCKED: PreparedQuery[Room] = PreparedQuery(
    lambda room: Room.objects.select_for_update().filter(pk=room), room=Room._meta.pk
)


@contextmanager
def locked(room_id: UUID, *readings: Reading[Any]) -> Iterator[Room]:
    """The room's row is the lock, so its numbers and its revisions have no gaps. Raises Room.DoesNotExist.

    The readings are run in the same round trip, behind the lock.
    """
    with transaction.atomic():
        room = _LOCKED.reading(room=room_id)
        run(room, *readings)
        yield room.get()


def announce_posted(room: Room, posted: Sequence[Message]) -> None:
    """Needs the lock, and the room's revision with which the last of these came; the others came just before it."""
    first = room.revision - len(posted) + 1
    publish_all(
        notice
        for revision, message in enumerate(posted, start=first)
        for notice in _posted(room, message, revision)
    )


def _posted(room: Room, message: Message, revision: int) -> Iterator[tuple[str, Notice, int]]:
    told = selectors.as_message(message, timed=True)
    yield groups.chat(room.pk), messages.MessagePosted(message=selectors.untimed(told)), revision
    if room.kind == Room.Kind.EVENT:
        yield groups.chat_from_backstage(room.pk), messages.MessagePosted(message=told), revision


def announce_deleted(room: Room, message: Message) -> None:
    """Needs the lock, and the room's revision with which the message went."""
    deleted = messages.MessageDeleted(
        message=str(message.pk), number=message.number, author=message.author_id
    )
    publish(groups.chat(room.pk), deleted, revision=room.revision)
    if room.kind == Room.Kind.EVENT:
        publish(groups.chat_from_backstage(room.pk), deleted, revision=room.revision)
