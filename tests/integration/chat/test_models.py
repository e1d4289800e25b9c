"""What the database refuses by itself: broken messages, one sent twice, a second room."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from backstage.models import BackstageSession
from chat.models import Message, Room
from events.models import User
from tests.factories import EventFactory
from tests.integration.chat.conftest import Say

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize(
    "broken",
    [
        {"number": 1},
        {"number": 0},
        {"text": ""},
        {"deleted_at": timezone.now()},
        {"text": "", "deleted_at": timezone.now()},
        {"deletion_revision": 3},
    ],
)
def test_the_database_refuses_broken_messages(
    event_room: Room, ada: User, say: Say, broken: dict[str, Any]
) -> None:
    say(ada, event_room)
    values = {"room": event_room, "number": 2, "author": ada, "text": "x", **broken}
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(**values)


def test_the_database_refuses_a_second_sending_and_a_second_room(
    session: BackstageSession, event_room: Room, backstage_room: Room, ada: User, say: Say
) -> None:
    message = say(ada, event_room)
    for make in (
        lambda: Message.objects.create(
            room=event_room, number=2, author=ada, text="x", client_id=message.client_id
        ),
        lambda: Room.objects.create(kind="event", event=event_room.event),
        lambda: Room.objects.create(kind="backstage", event=event_room.event),
        lambda: Room.objects.create(kind="event", event=EventFactory(), backstage_session=session),
        lambda: Room.objects.create(kind="backstage", event=event_room.event, backstage_session=session),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()
