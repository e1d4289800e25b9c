from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from backstage import services as backstage
from backstage.models import BackstageSession
from chat import services
from chat.models import Message, Room
from events.models import User
from hopin_backstage.realtime import Refused
from tests.factories import RegistrationFactory, StageFactory, UserFactory

Somebody = Callable[..., User]
Say = Callable[..., Message]
Refusal = Callable[[Callable[[], object]], str]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def session() -> BackstageSession:
    return backstage.backstage_of(StageFactory())


@pytest.fixture
def event_room(session: BackstageSession) -> Room:
    return services.room_of_event(session.stage.event)


@pytest.fixture
def backstage_room(session: BackstageSession) -> Room:
    return services.room_of_backstage(session)


@pytest.fixture
def somebody(session: BackstageSession) -> Somebody:
    """Registered; `organizer` of the event; `inside` the Backstage."""

    def make(name: str = "", *, organizer: bool = False, inside: bool = False) -> User:
        user: User = UserFactory(**({"display_name": name} if name else {}))
        RegistrationFactory(event=session.stage.event, user=user)
        if organizer:
            session.stage.event.organizers.add(user)
        if inside:
            backstage.enter(session=session, actor=user, link_token=session.link_token)
        return user

    return make


@pytest.fixture
def olivia(somebody: Somebody) -> User:
    return somebody("Olivia Marsh", organizer=True, inside=True)


@pytest.fixture
def sam(somebody: Somebody) -> User:
    return somebody("Sam Barnes", inside=True)


@pytest.fixture
def ada(somebody: Somebody) -> User:
    """At the Stage."""
    return somebody("Ada Kovač")


@pytest.fixture
def say() -> Say:
    def send(actor: User, room: Room, text: str = "Hello", **more: Any) -> Message:
        post = services.Post(**{"actor": actor, "client_id": uuid4(), "text": text, **more})
        return services.send(room=room, post=post)

    return send


@pytest.fixture
def refusal() -> Refusal:
    """The code with which some work is refused."""

    def code(work: Callable[[], object]) -> str:
        with pytest.raises(Refused) as caught:
            work()
        return caught.value.code

    return code
