"""A room of many messages, what somebody reads there, and that none of its numbers is missing."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from chat import selectors, services
from chat.models import Message, Room
from events.models import User


def written(room: Room, author: User, count: int) -> list[Message]:
    """Many at once, an hour ago."""
    room.refresh_from_db()
    made = Message.objects.bulk_create(
        Message(
            room=room,
            number=room.last_number + number,
            author=author,
            text=f"Message {room.last_number + number}",
            created_at=timezone.now() - timedelta(hours=1),
        )
        for number in range(1, count + 1)
    )
    room.last_number += count
    room.revision += count
    room.save()
    return made


def snapshot(room: Room, user: User) -> Any:
    return selectors.snapshot(*services.check_reading(room=room, actor=user), user)[0]


def texts(room: Room, user: User) -> list[str]:
    return [message.text for message in snapshot(room, user).messages]


def assert_without_gaps(room: Room, *, count: int | None = None, deleted: int = 0) -> None:
    """Each of `count` messages has the next number; each of them, and each deletion, was one revision."""
    room.refresh_from_db()
    numbers = list(room.messages.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, room.last_number + 1))
    assert room.revision == room.last_number + deleted
    if count is not None:
        assert len(numbers) == count
