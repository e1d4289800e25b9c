import pytest

from events.models import Event, User
from tests.factories import EventFactory, UserFactory


@pytest.fixture
def olivia() -> User:
    return UserFactory(display_name="Olivia")


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia], name="Product Day")
