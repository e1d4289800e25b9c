"""How far somebody has read, and what is unread."""

import pytest

from chat import selectors, services
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


def test_what_comes_and_goes_while_a_snapshot_is_read_is_left_to_its_notice(
    event_room: Room, ada: User, sam: User, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a page would count it twice: its revision is behind that of the snapshot."""
    first, second = say(sam, event_room), say(sam, event_room)
    room, standing = services.check_reading(room=event_room, actor=ada)
    services.delete(actor=sam, room=event_room, message_id=first.pk)
    newest_messages = selectors.newest_messages

    def and_then(*about: Room, **named: None) -> object:
        newest = newest_messages(*about, **named)
        say(sam, event_room)
        services.delete(actor=sam, room=event_room, message_id=second.pk)
        return newest

    monkeypatch.setattr(selectors, "newest_messages", and_then)
    told, revision = selectors.snapshot(room, standing, ada)
    assert [message.id for message in told.messages] == [str(second.pk)]
    assert (told.unread, revision) == (2, 2)
