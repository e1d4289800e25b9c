"""A Backstage, and people who come in."""

from collections.abc import Callable

import pytest

from backstage import services
from backstage.models import BackstageSession, Participant, Slot
from tests.factories import RegistrationFactory, StageFactory, UserFactory


@pytest.fixture
def session() -> BackstageSession:
    return services.backstage_of(StageFactory())


@pytest.fixture
def come_in(session: BackstageSession) -> Callable[..., Participant]:
    def come(*, organizer: bool = False) -> Participant:
        user = UserFactory()
        RegistrationFactory(event=session.stage.event, user=user)
        if organizer:
            session.stage.event.organizers.add(user)
        return services.enter(session=session, actor=user, link_token=session.link_token)

    return come


@pytest.fixture
def put(come_in: Callable[..., Participant]) -> Callable[[], Slot]:
    return lambda: services.put_on_screen(participant=come_in(), microphone=True, camera=True)
