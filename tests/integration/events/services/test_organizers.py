"""Taking organizers back."""

import pytest

from events import permissions, services
from events.models import Event, Membership, User
from tests.factories import MembershipFactory, RegistrationFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_organizer_can_be_taken_back(olivia: User, event: Event) -> None:
    sam = RegistrationFactory(event=event).user
    services.add_organizer(actor=olivia, event=event, user=sam)
    assert permissions.is_organizer(sam, event)
    services.remove_organizer(actor=olivia, event=event, user=sam)
    assert not permissions.is_organizer(sam, event)
    assert permissions.is_registered(sam, event)


def test_a_role_is_not_taken_back_here(olivia: User, event: Event) -> None:
    boss = MembershipFactory(organization=event.organization, role=Membership.Role.ADMIN).user
    assert (
        refusal(lambda: services.remove_organizer(actor=olivia, event=event, user=boss))
        == "organizer.by_role"
    )
