"""The audit log: every action is in it, exactly once."""

import pytest
from django.db import transaction
from django.utils import timezone

from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from events import services as events
from events.models import Event
from moderation import audit
from moderation.models import AuditEntry
from tests.factories import UserFactory
from tests.integration.moderation.deeds import (
    DEEDS,
    DETAIL,
    OF_THE_EVENT,
    OF_THE_GUEST,
    WITHOUT_TARGET,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_there_is_a_deed_for_every_action() -> None:
    assert set(DEEDS) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_every_action_is_recorded_once_with_who_when_and_whom(
    session: BackstageSession, olivia: Participant, sam: Participant, action: Action
) -> None:
    prepare, act = DEEDS[action]
    before = prepare(olivia, sam, session) or {}
    earlier = set(AuditEntry.objects.values_list("pk", flat=True))
    begins = timezone.now()
    act(olivia, sam, session, **before)
    entry = AuditEntry.objects.exclude(pk__in=earlier).get()
    assert begins <= entry.at <= timezone.now()
    actor = sam if action in OF_THE_GUEST else olivia
    target = None if action in WITHOUT_TARGET else sam.user
    assert (entry.action, entry.actor, entry.actor_name) == (action, actor.user, actor.user.display_name)
    assert (entry.target, entry.target_name) == (target, "Sam" if target else "")
    event = Event.objects.get(pk=session.stage.event_id)
    if action == Action.EVENT_CREATED:
        assert entry.detail == event.name
        event = Event.objects.latest("pk")
    else:
        assert entry.detail == DETAIL.get(action, "")
    assert (entry.event, entry.event_name) == (event, event.name)
    # A block is of the event, and is lifted there; here it is made in the panel of a Backstage.
    assert entry.backstage_session == (None if action in OF_THE_EVENT else session)


@pytest.mark.parametrize("action", Action)
def test_what_is_rolled_back_is_not_recorded(
    session: BackstageSession, olivia: Participant, sam: Participant, action: Action
) -> None:
    prepare, act = DEEDS[action]
    before = prepare(olivia, sam, session) or {}
    entries = AuditEntry.objects.count()

    @transaction.atomic
    def act_and_fail() -> None:
        act(olivia, sam, session, **before)
        assert AuditEntry.objects.count() == entries + 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_and_fail()
    assert AuditEntry.objects.count() == entries


def test_blocks_from_the_dashboard_and_by_promotion_are_recorded(
    session: BackstageSession, olivia: Participant, sam: Participant
) -> None:
    event = session.stage.event
    for _ in range(2):
        events.block(actor=olivia.user, event=event, user=sam.user)
    events.add_organizer(actor=olivia.user, event=event, user=sam.user)
    for _ in range(2):
        events.unblock(actor=olivia.user, event=event, user=sam.user)
    newest_first = list(AuditEntry.objects.values_list("action", "target_name"))
    assert newest_first == [("organizer_added", "Sam"), ("unblocked", "Sam"), ("blocked", "Sam")]


def test_somebody_without_a_name_is_recorded_by_address(session: BackstageSession) -> None:
    user = UserFactory(display_name="", email="nameless@example.com")
    entry = audit.record(action=Action.ASKED, actor=user, session=session, detail="x" * 300)
    assert (entry.actor_name, entry.detail) == ("nameless@example.com", "x" * 250)
