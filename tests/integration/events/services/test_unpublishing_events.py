"""An event taken back: whoever is there goes, but its organizers."""

import pytest
from django.utils import timezone
from pytest_django import Settings

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from events import services
from events.models import Event, User
from moderation import services as moderation
from moderation.models import AuditEntry
from tests.factories import BlockFactory, RegistrationFactory, StageFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def come(session: BackstageSession, user: User) -> Participant:
    return backstage.enter(session=session, actor=user, link_token=session.link_token)


def test_to_a_draft_nobody_comes_but_its_organizers(olivia: User, event: Event) -> None:
    stage = StageFactory(event=event)
    session = backstage.backstage_of(stage)
    ada, sam = (RegistrationFactory(event=event).user for _ in range(2))
    BlockFactory(event=event, user=sam)
    services.unpublish_event(actor=olivia, event=event)
    session.refresh_from_db()
    for user in (ada, sam, UserFactory()):
        # Nor are they told that they are blocked, or have to register: there is no such event.
        assert refusal(lambda user=user: backstage.check_entry(session=session, actor=user)) == "link.dead"
        assert (
            refusal(lambda user=user: backstage.check_watching(stage_id=stage.pk, actor=user)) == "link.dead"
        )
    backstage.check_watching(stage_id=stage.pk, actor=olivia)
    assert come(session, olivia).left_at is None
    services.publish_event(actor=olivia, event=event)
    session = BackstageSession.objects.get()
    assert come(session, ada).left_at is None
    assert refusal(lambda: backstage.check_entry(session=session, actor=sam)) == "blocked"


def test_unpublishing_takes_out_whoever_is_backstage_or_at_its_door(
    olivia: User, event: Event, settings: Settings
) -> None:
    settings.BACKSTAGE_PLACES = 2
    sessions = [backstage.backstage_of(StageFactory(event=event)) for _ in range(2)]
    other = backstage.backstage_of(StageFactory())
    ada, sam, ken, mia = (RegistrationFactory(event=event).user for _ in range(4))
    RegistrationFactory(event=other.stage.event, user=ada)
    organizer = come(sessions[0], olivia)
    on_screen, asking, waiting = (come(sessions[0], user) for user in (ada, sam, ken))
    elsewhere, in_another = come(sessions[1], mia), come(other, ada)
    assert waiting.waiting_since is not None
    for each in (organizer, on_screen):
        backstage.put_on_screen(participant=each, microphone=True, camera=True)
    request = moderation.ask(actor=asking, microphone=True, camera=True)
    backstage.mark_away(participant_id=elsewhere.pk, last_word=timezone.now())
    services.unpublish_event(actor=olivia, event=event)
    gone, stay = (on_screen, asking, waiting, elsewhere), (organizer, in_another)
    for each in (*gone, *stay):
        each.refresh_from_db()
        assert (each.left_at is None) == (each in stay), each.user
        assert each.waiting_since is None
    request.refresh_from_db()
    assert request.state == "ended"
    assert [slot.participant for slot in sessions[0].slots.all()] == [organizer]


def test_a_draft_that_is_unpublished_once_more_changes_nothing(olivia: User, event: Event) -> None:
    for _ in range(2):
        services.unpublish_event(actor=olivia, event=event)
    assert AuditEntry.objects.filter(event=event, action="event_unpublished").count() == 1
