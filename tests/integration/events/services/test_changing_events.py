"""Changing an event, and that nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from events import services
from events.models import Event, User
from hopin_backstage.realtime import Refused
from tests.factories import MembershipFactory, RegistrationFactory, UserFactory
from tests.integration.events.services.organizing import everything, whole_event
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_only_what_is_given_changes(olivia: User, event: Event) -> None:
    before = Event.objects.values().get()
    services.edit_event(actor=olivia, event=event, name=" Other\n day ", capacity=None)
    assert Event.objects.values().get() == {**before, "name": "Other day"}


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"name": " \u200b "}, "event.name"),
        ({"name": "x" * 161}, "event.name"),
        ({"description": "x" * 10_001}, "event.description"),
        ({"ends_at": timezone.now() - timedelta(days=9)}, "event.ends_before_start"),
        ({"starts_at": datetime(1, 1, 1, 9, tzinfo=UTC)}, "time.out_of_range"),
        ({"ends_at": datetime(9999, 12, 31, 23, tzinfo=UTC)}, "time.out_of_range"),
        ({"time_zone": "Europe/Atlantis"}, "event.time_zone"),
        ({"capacity": 0}, "event.capacity"),
        ({"capacity": 2}, "event.capacity"),
    ],
)
def test_what_makes_no_sense_is_refused(
    olivia: User, event: Event, changes: dict[str, object], refused: str
) -> None:
    RegistrationFactory.create_batch(3, event=event)
    before = Event.objects.values().get()
    assert refusal(lambda: services.edit_event(actor=olivia, event=event, **changes)) == refused
    assert Event.objects.values().get() == before


def test_the_capacity_says_how_many_are_registered(olivia: User, event: Event) -> None:
    RegistrationFactory.create_batch(3, event=event)
    with pytest.raises(Refused, match="3 people are registered already"):
        services.edit_event(actor=olivia, event=event, capacity=2)
    services.edit_event(actor=olivia, event=event, capacity=3)
    assert refusal(lambda: services.register(actor=UserFactory(), event=event)) == "registration.full"


def test_an_event_that_has_more_than_its_capacity_can_still_be_changed(olivia: User, event: Event) -> None:
    """As it was imported, or made by support."""
    RegistrationFactory.create_batch(2, event=event)
    Event.objects.update(capacity=1)
    event.refresh_from_db()
    services.edit_event(actor=olivia, event=event, name="Other", capacity=1)
    event.refresh_from_db()
    assert event.name == "Other"


def test_nobody_else_changes_anything(event: Event) -> None:
    attendee = RegistrationFactory(event=event).user
    member = MembershipFactory(organization=event.organization).user
    for actor in (attendee, member, UserFactory()):
        for act in everything(actor, event, attendee):
            before = whole_event(event)
            assert refusal(act) in {"event.not_yours", "forbidden"}
            assert whole_event(event) == before
        for act in (services.archive_event, services.restore_event, services.duplicate_event):
            assert refusal(lambda act=act, actor=actor: act(actor=actor, event=event)) == "event.not_yours"
        assert (
            refusal(lambda actor=actor: services.note_export(actor=actor, event=event)) == "event.not_yours"
        )
