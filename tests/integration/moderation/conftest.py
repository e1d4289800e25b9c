from collections.abc import Callable

import pytest
from pytest_django import Settings

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from moderation.models import AuditEntry
from moderation.services import mute
from tests.factories import RegistrationFactory, StageFactory, UserFactory

ComeIn = Callable[..., Participant]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def session() -> BackstageSession:
    return backstage.backstage_of(StageFactory())


@pytest.fixture
def come_in(session: BackstageSession) -> ComeIn:
    """Somebody new comes in; `organizer`: of this event."""

    def come(name: str = "", *, organizer: bool = False) -> Participant:
        user = UserFactory(**({"display_name": name} if name else {}))
        RegistrationFactory(event=session.stage.event, user=user)
        if organizer:
            session.stage.event.organizers.add(user)
        return backstage.enter(session=session, actor=user, link_token=session.link_token)

    return come


@pytest.fixture
def olivia(come_in: ComeIn) -> Participant:
    return come_in("Olivia", organizer=True)


@pytest.fixture
def sam(come_in: ComeIn) -> Participant:
    return come_in("Sam")


@pytest.fixture
def entry(session: BackstageSession, olivia: Participant, sam: Participant) -> AuditEntry:
    mute(actor=olivia, participant_id=sam.pk, muted=True)
    return AuditEntry.objects.get()
