"""Who is muted by whom, what that takes from them, and who is found to be unmuted."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backstage.models import BackstageSession
from chat import selectors, services
from chat.models import ChatMute, Room
from events.models import User
from moderation.models import AuditEntry
from tests.factories import EventFactory, StageFactory, UserFactory
from tests.integration.chat.conftest import Say, Somebody
from tests.integration.chat.history import snapshot
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_muted_read_and_do_not_write(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    olivia: User,
    sam: User,
    say: Say,
) -> None:
    event = session.stage.event
    for _ in range(2):
        services.mute(actor=olivia, event=event, person_id=sam.pk, muted=True)
    for room in (event_room, backstage_room):
        with pytest.raises(Exception, match="You have been muted by the organizer"):
            say(sam, room)
        assert snapshot(room, sam).me.muted
        assert [each.person for each in snapshot(room, olivia).muted_people] == [sam.pk]
        assert snapshot(room, sam).muted_people == []
    for _ in range(2):
        services.mute(actor=olivia, event=event, person_id=sam.pk, muted=False)
    say(sam, event_room)
    assert list(AuditEntry.objects.order_by("at").values_list("action", "target_name")) == [
        ("chat_muted", "Sam Barnes"),
        ("chat_unmuted", "Sam Barnes"),
    ]


def test_what_was_sent_before_the_mute_is_known_when_sent_again(
    session: BackstageSession, event_room: Room, olivia: User, ada: User, say: Say
) -> None:
    client_id = uuid4()
    message = say(ada, event_room, client_id=client_id)
    services.mute(actor=olivia, event=session.stage.event, person_id=ada.pk, muted=True)
    assert say(ada, event_room, client_id=client_id) == message


def test_who_may_be_muted_by_whom(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    sam: User,
    ada: User,
    say: Say,
) -> None:
    def mute(actor: User, person: int) -> str:
        return refusal(
            lambda: services.mute(actor=actor, event=session.stage.event, person_id=person, muted=True)
        )

    other = UserFactory()
    EventFactory(organizers=[other])
    assert mute(sam, ada.pk) == "forbidden"
    assert mute(other, ada.pk) == "forbidden"
    assert mute(olivia, olivia.pk) == "chat.mute_organizer"
    assert mute(olivia, UserFactory().pk) == mute(olivia, 10**9) == "chat.person_unknown"
    assert not ChatMute.objects.exists()


def test_organizers_find_whom_they_have_muted(
    session: BackstageSession,
    event_room: Room,
    olivia: User,
    somebody: Somebody,
    say: Say,
    django_assert_num_queries: Any,
) -> None:
    """Whoever never wrote, whose messages are all deleted, and who is not registered any more."""
    event = session.stage.event
    silent, deleted, gone = somebody("Silent"), somebody("Deleted"), somebody("Gone")
    message = say(deleted, event_room)
    services.mute(actor=olivia, event=event, person_id=silent.pk, muted=True)
    with CaptureQueriesContext(connection) as one:
        selectors.muted_people(event_room)
    for person in (deleted, gone):
        services.mute(actor=olivia, event=event, person_id=person.pk, muted=True)
    services.delete(actor=olivia, room=event_room, message_id=message.pk)
    gone.registrations.all().delete()
    elsewhere = StageFactory().event
    ChatMute.objects.create(event=elsewhere, user=UserFactory())
    with django_assert_num_queries(len(one)):
        found = selectors.muted_people(event_room)
    assert [each.name for each in found] == ["Silent", "Deleted", "Gone"]
    for person in (silent, deleted, gone):
        services.mute(actor=olivia, event=event, person_id=person.pk, muted=False)
    assert selectors.muted_people(event_room) == []


def test_nobody_reads_of_a_muted_person_what_they_did_not_show(
    session: BackstageSession, event_room: Room, olivia: User
) -> None:
    nameless = UserFactory(display_name="")
    ChatMute.objects.create(event=session.stage.event, user=nameless)
    [person] = selectors.muted_people(event_room)
    assert person.name == "Attendee"
    assert nameless.email not in str(person)


def test_a_mute_ends_for_an_organizer(
    session: BackstageSession, event_room: Room, olivia: User, ada: User, say: Say
) -> None:
    services.mute(actor=olivia, event=session.stage.event, person_id=ada.pk, muted=True)
    session.stage.event.organizers.add(ada)
    say(ada, event_room)
    assert not snapshot(event_room, ada).me.muted
