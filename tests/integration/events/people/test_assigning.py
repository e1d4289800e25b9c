"""Members of the organization who are made organizers of an event: who sees them, and who assigns them."""

import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event, Membership, User
from moderation.models import AuditEntry
from tests.factories import EventFactory, MembershipFactory
from tests.integration.browsers import SignIn
from tests.integration.events.people.people_tab import at, belongs, offered, person
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


def test_a_member_who_sees_no_draft_is_assigned_to_it(event: Event, sign_in: SignIn) -> None:
    Event.objects.update(status=Event.Status.DRAFT)
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    mia = belongs(event, "Mia")
    theirs = Client()
    theirs.force_login(mia)
    assert theirs.get(at(event)).status_code == 404
    page = html(owner.get(at(event)))
    assert "Add organizer" in page
    assert "(mia@example.com)" in page
    page = html(owner.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "Mia is an organizer of this event." in page
    assert theirs.get(at(event)).status_code == 200
    entry = AuditEntry.objects.get(event=event, target=mia)
    assert (entry.action, entry.actor_name) == ("organizer_added", "Owen")


def test_whoever_organizes_already_is_not_offered_nor_are_members_of_others(
    event: Event, sign_in: SignIn
) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    belongs(event, "Adam", Membership.Role.ADMIN)
    event.organizers.add(belongs(event, "Assigned"))
    belongs(EventFactory(), "Elsewhere")
    page = html(owner.get(at(event)))
    assert offered(page) == []
    assert "Add organizer" not in page
    assert "Every member of" in page
    belongs(event, "zoe")
    belongs(event, "Mia")
    assert offered(html(owner.get(at(event)))) == ["Mia (mia@example.com)", "zoe (zoe@example.com)"]


def test_a_member_reads_names_of_the_others_and_no_addresses(
    organizer: Client, event: Event, olivia: User
) -> None:
    MembershipFactory(organization=event.organization, user=olivia)
    mia = belongs(event, "Mia")
    page = html(organizer.get(at(event)))
    assert offered(page) == ["Mia"]
    assert mia.email not in page
    organizer.post(at(event, "add_organizer"), {"person": mia.pk})
    assert event.organizers.filter(pk=mia.pk).exists()


def test_an_organizer_from_outside_neither_sees_nor_assigns_members(organizer: Client, event: Event) -> None:
    mia = belongs(event, "Mia")
    page = html(organizer.get(at(event)))
    assert "Mia" not in page
    assert "Add organizer" not in page
    page = html(organizer.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "Choose a member of the organization" in page
    assert "Mia" not in page
    assert not event.organizers.filter(pk=mia.pk).exists()


@pytest.mark.parametrize("wanted", ["", "x", "0", "9" * 30, "-1"])
def test_what_is_no_member_is_refused(event: Event, sign_in: SignIn, wanted: str) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    stranger = person(event, "Registered")
    belongs(event, "Mia")
    before = event.organizers.count()
    for value in (wanted, stranger.pk):
        page = html(owner.post(at(event, "add_organizer"), {"person": value}, follow=True))
        assert "Choose a member" in page
    assert event.organizers.count() == before


def test_no_organizer_is_added_to_an_archived_event(event: Event, sign_in: SignIn) -> None:
    owner = sign_in(belongs(event, "Owen", Membership.Role.OWNER))
    mia = belongs(event, "Mia")
    Event.objects.update(archived_at=timezone.now())
    assert "Add organizer" not in html(owner.get(at(event)))
    page = html(owner.post(at(event, "add_organizer"), {"person": mia.pk}, follow=True))
    assert "This event is archived. Restore it first." in page
    assert not event.organizers.filter(pk=mia.pk).exists()
