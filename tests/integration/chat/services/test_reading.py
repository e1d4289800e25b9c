"""How far somebody has read, and what is unread."""

import pytest

from chat import services
from chat.messages import MOST_UNREAD
from chat.models import ReadMark, Room
from events.models import User
from tests.integration.chat.conftest import Say
from tests.integration.chat.history import snapshot, written

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_unread_are_those_of_others_that_are_there(event_room: Room, ada: User, sam: User, say: Say) -> None:
    say(ada, event_room)
    gone = say(sam, event_room)
    say(sam, event_room)
    assert snapshot(event_room, ada).unread == 2
    services.delete(actor=sam, room=event_room, message_id=gone.pk)
    assert snapshot(event_room, ada).unread == 1
    assert services.mark_read(actor=ada, room=event_room, number=3) == 3
    assert (snapshot(event_room, ada).unread, snapshot(event_room, ada).read_up_to) == (0, 3)
    assert services.mark_read(actor=ada, room=event_room, number=1) == 3, "nobody unreads"
    assert services.mark_read(actor=ada, room=event_room, number=10**6) == 3, "nor reads what is to come"
    assert ReadMark.objects.get().number == 3
    written(event_room, sam, MOST_UNREAD + 5)
    assert snapshot(event_room, ada).unread == MOST_UNREAD
