"""Who deletes whose messages, until when, and what remains."""

from datetime import timedelta

import pytest
from django.utils import timezone

from backstage.models import BackstageSession
from chat import services
from chat.models import Mention, Message, Room
from events.models import User
from moderation.models import AuditEntry
from tests.factories import EventFactory, UserFactory
from tests.integration.chat.conftest import Meanwhile, Say
from tests.integration.chat.history import texts
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_author_deletes_for_five_minutes(event_room: Room, ada: User, say: Say) -> None:
    message, old = say(ada, event_room, "@Ada Kovač secret"), say(ada, event_room, "Old")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(minutes=5, seconds=1))
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(minutes=4, seconds=58))
    services.delete(actor=ada, room=event_room, message_id=message.pk)
    message.refresh_from_db()
    assert (message.text, message.deleted_by, message.author) == ("", ada, ada)
    assert not Mention.objects.exists()
    assert (
        refusal(lambda: services.delete(actor=ada, room=event_room, message_id=old.pk)) == "message.too_late"
    )
    assert texts(event_room, ada) == ["Old"]
    assert not AuditEntry.objects.exists(), "one's own is nobody's business"


def test_an_organizer_deletes_always_and_it_is_recorded(
    session: BackstageSession, event_room: Room, backstage_room: Room, olivia: User, sam: User, say: Say
) -> None:
    for room in (event_room, backstage_room):
        message = say(sam, room, "Secret")
        Message.objects.update(created_at=timezone.now() - timedelta(days=1))
        for _ in range(2):
            services.delete(actor=olivia, room=room, message_id=message.pk)
        room.refresh_from_db()
        assert room.revision == 2
        assert texts(room, olivia) == []
    entries = AuditEntry.objects.filter(action="message_deleted").order_by("at")
    assert [(entry.actor, entry.target, entry.event, entry.backstage_session) for entry in entries] == [
        (olivia, sam, session.stage.event, None),
        (olivia, sam, session.stage.event, session),
    ]
    assert "Secret" not in str(list(AuditEntry.objects.values()) + list(Message.objects.values()))


def test_nobody_else_deletes(
    event_room: Room, backstage_room: Room, olivia: User, sam: User, ada: User, say: Say
) -> None:
    message = say(ada, event_room)
    stranger = UserFactory()
    other_organizer = UserFactory()
    EventFactory(organizers=[other_organizer])

    def delete(actor: User, room: Room = event_room) -> str:
        return refusal(lambda: services.delete(actor=actor, room=room, message_id=message.pk))

    assert delete(sam) == "message.not_yours"
    assert delete(stranger) == "not_registered"
    assert delete(other_organizer) == "not_registered"
    assert delete(olivia, backstage_room) == "message.unknown"
    assert texts(event_room, ada) == ["Hello"]


def test_whoever_is_demoted_while_they_wait_deletes_nothing_of_others(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    ada: User,
    say: Say,
    meanwhile: Meanwhile,
) -> None:
    message = say(ada, event_room)
    meanwhile(lambda: session.stage.event.organizers.remove(olivia))
    assert (
        refusal(lambda: services.delete(actor=olivia, room=event_room, message_id=message.pk))
        == "message.not_yours"
    )
