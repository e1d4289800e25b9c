"""An archived event: nothing in it changes, and nobody comes to it."""

import pytest

from backstage import services as backstage
from events import permissions, selectors, services
from events.models import Event, User
from tests.factories import RegistrationFactory, StageFactory, UserFactory
from tests.integration.events.services.organizing import everything, whole_event
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_nothing_in_an_archived_event_changes_until_it_is_restored(olivia: User, event: Event) -> None:
    other = RegistrationFactory(event=event).user
    acts = everything(olivia, event, other)
    services.archive_event(actor=olivia, event=event)
    event.refresh_from_db()
    for act in acts:
        before = whole_event(event)
        assert refusal(act) == "event.archived"
        assert whole_event(event) == before
    services.restore_event(actor=olivia, event=event)
    event.refresh_from_db()
    services.edit_event(actor=olivia, event=event, name="Back")


def test_nobody_comes_to_an_archived_event(olivia: User, event: Event) -> None:
    stage = StageFactory(event=event)
    ada = RegistrationFactory(event=event).user
    session = backstage.backstage_of(stage)
    services.archive_event(actor=olivia, event=event)
    event.refresh_from_db()
    session.refresh_from_db()
    for user in (ada, olivia):
        assert not permissions.may_attend(user, event)
        assert refusal(lambda user=user: backstage.check_entry(session=session, actor=user)) == "link.dead"
        assert (
            refusal(lambda user=user: backstage.check_watching(stage_id=stage.pk, actor=user))
            == "stage.unknown"
        )
    assert refusal(lambda: services.register(actor=UserFactory(), event=event)) == "event.unknown"
    assert refusal(lambda: services.register(actor=olivia, event=event)) == "event.archived"
    assert selectors.event_for(ada, event.slug) is None
    assert not selectors.events_attended_by(ada).exists()
    assert not selectors.events_run_by(olivia).exists()
    assert list(selectors.archived_events_run_by(olivia)) == [event]
    assert selectors.event_to_run(olivia, event.slug) == event


def test_archiving_ends_the_show_and_empties_the_backstage(olivia: User, event: Event) -> None:
    session = backstage.backstage_of(StageFactory(event=event))
    inside = backstage.enter(session=session, actor=olivia, link_token=session.link_token)
    backstage.start_broadcast(actor=inside)
    services.archive_event(actor=olivia, event=event)
    # As the stagehand does every second.
    here = {str(olivia.pk)}
    backstage.note_presence(session_id=session.pk, present=here, at_door=set(), known=here)
    inside.refresh_from_db()
    assert inside.left_at is not None
    assert session.broadcasts.get().stopped_at is not None


def test_archiving_twice_keeps_the_first_time(olivia: User, event: Event) -> None:
    services.archive_event(actor=olivia, event=event)
    first = Event.objects.get().archived_at
    services.archive_event(actor=olivia, event=event)
    assert Event.objects.get().archived_at == first
