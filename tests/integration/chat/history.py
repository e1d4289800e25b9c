"""A room of many messages, and what somebody reads there."""

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
