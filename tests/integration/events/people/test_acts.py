"""What is done to one person in the People tab: block, organizer, and back; each asked once."""

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event, User
from moderation.models import AuditEntry
from tests.factories import BlockFactory, EventFactory
from tests.integration.events.people.people_tab import at, person
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("act", "asked", "counted"),
    [
        ("block", "Block Ada from this event?", lambda event: event.blocks.count()),
        ("make_organizer", "Make Ada an organizer?", lambda event: event.organizers.count() - 1),
    ],
)
def test_each_act_asks_once_by_name_and_can_be_undone(
    organizer: Client, event: Event, act: str, asked: str, counted: object
) -> None:
    ada = person(event, "Ada")
    back = {"block": "unblock", "make_organizer": "take_organizer_back"}[act]
    assert asked in html(organizer.get(at(event, act, ada.pk)))
    assert counted(event) == 0, "asking is not doing"
    page = html(organizer.post(at(event, act, ada.pk), follow=True))
    assert counted(event) == 1
    assert at(event, back, ada.pk) in page
    assert "Ada" in html(organizer.get(at(event, back, ada.pk)))
    organizer.post(at(event, back, ada.pk))
    assert counted(event) == 0
    assert AuditEntry.objects.filter(event=event, target=ada).count() == 2


def test_somebody_who_has_nothing_to_do_with_the_event_is_not_found(organizer: Client, event: Event) -> None:
    stranger = person(EventFactory(), "Stranger")
    for act in ("block", "unblock", "make_organizer", "take_organizer_back"):
        for response in (
            organizer.get(at(event, act, stranger.pk)),
            organizer.post(at(event, act, stranger.pk)),
        ):
            assert response.status_code == 404
            assert "Stranger" not in html(response)
    assert not stranger.organized_events.exists()


def test_an_organizer_is_not_blocked(organizer: Client, event: Event, olivia: User) -> None:
    page = html(organizer.post(at(event, "block", olivia.pk), follow=True))
    assert "cannot be blocked" in page
    assert not event.blocks.exists()


def test_who_takes_it_back_from_themselves_leaves_the_dashboard(
    organizer: Client, event: Event, olivia: User
) -> None:
    response = organizer.post(at(event, "take_organizer_back", olivia.pk))
    assert response.headers["Location"] == "/"
    assert organizer.get(at(event)).status_code == 404


def test_a_block_on_somebody_who_is_not_registered_is_seen_and_lifted(
    organizer: Client, event: Event
) -> None:
    block = BlockFactory(event=event, user__display_name="Gone")
    page = html(organizer.get(at(event)))
    assert "Blocked, and not registered" in page
    assert at(event, "unblock", block.user.pk) in page
    organizer.post(at(event, "unblock", block.user.pk))
    assert not event.blocks.exists()


def test_nothing_is_offered_in_an_archived_event(organizer: Client, event: Event) -> None:
    ada = person(event, "Ada")
    Event.objects.update(archived_at=timezone.now())
    page = html(organizer.get(at(event)))
    assert "Ada" in page
    assert at(event, "block", ada.pk) not in page
    assert "This event is archived. Restore it first." in html(
        organizer.post(at(event, "block", ada.pk), follow=True)
    )


def test_whoever_has_no_place_is_not_asked_about_and_keeps_the_block(organizer: Client, event: Event) -> None:
    ada = person(event, "Ada")
    BlockFactory(event=event, user=ada)
    person(event, "Grace")
    Event.objects.update(capacity=1)
    page = html(organizer.get(at(event)))
    assert "1 person is registered" in page
    assert "and 1 blocked" in page
    for answer in (organizer.get, organizer.post):
        page = html(answer(at(event, "unblock", ada.pk), follow=True))
        assert (
            "All places are taken: there is none left for Ada. Raise the capacity in the Settings first"
            in page
        )
        assert "Unblock Ada?" not in page
    assert event.blocks.get().user == ada
