import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event, Membership, User
from tests.factories import BlockFactory, EventFactory, MembershipFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.people.people_tab import person


@pytest.fixture
def olivia() -> User:
    return UserFactory(display_name="Olivia")


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia], time_zone="Asia/Tokyo")


@pytest.fixture
def organizer(olivia: User, sign_in: SignIn) -> Client:
    return sign_in(olivia)


@pytest.fixture
def crowd(event: Event) -> None:
    """Ada came, Bea is blocked, cyd is an organizer, Dan an admin of the organization."""
    person(event, "Ada", came_at=timezone.now())
    BlockFactory(event=event, user=person(event, "Bea"))
    BlockFactory(user=User.objects.get(display_name="Ada"))
    event.organizers.add(person(event, "cyd"))
    dan = person(event, "Dan")
    MembershipFactory(organization=event.organization, user=dan, role=Membership.Role.ADMIN)
    person(EventFactory(), "Elsewhere")
