import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from backstage import services as backstage
from backstage.models import BackstageSession
from chat import services
from chat.models import Message, Room
from chat.prepared import Reading
from chat.services import deleting, writing
from chat.services.announcing import locked
from events.models import User
from tests.factories import RegistrationFactory, StageFactory, UserFactory
from tests.servers.webs import Webs

Somebody = Callable[..., User]
Say = Callable[..., Message]
Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def no_pace_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: what counts in somebody's pace counts to the end, unless it is an hour old."""
    monkeypatch.setattr(writing, "IN", timedelta(minutes=10))


@pytest.fixture(scope="session")
def webs() -> Iterator[Webs]:
    """The product's sockets in two web processes. What a test makes in it stays, so each makes an event of its own."""
    postgres = os.environ.get("TEST_DATABASE") == "postgres"
    with Webs(2, 1, "hopin_backstage.asgi:application", postgres=postgres) as running:
        yield running


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
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Something that is done, once, before whoever waits for a room gets it."""

    def do(work: Callable[[], object]) -> None:
        @contextmanager
        def delayed(room_id: UUID, *readings: Reading[Any]) -> Iterator[Room]:
            put(locked)
            work()
            with locked(room_id, *readings) as room:
                yield room

        put(delayed)

    def put(lock: object) -> None:
        for module in (writing, deleting):
            monkeypatch.setattr(module, "locked", lock)

    return do
