"""A small house of people, and clients that ask the API in their names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from events.models import Event, Stage, User
from hopin_backstage.rest import services as tokens
from moderation import services as moderation
from moderation.models import ShareRequest
from tests.factories import (
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)


@pytest.fixture(autouse=True)
def _alone(pages_without_collectstatic: None) -> None:
    """What one test asks must not be counted against the next."""
    cache.clear()


class Api:
    """`api.get("events/")` is `GET /api/v1/events/` with this person's token; the answer has `.json()`."""

    def __init__(self, token: str = "") -> None:
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = Client(raise_request_exception=False)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return self._client.generic(
            method,
            f"/api/v1/{path}",
            headers={**self.headers, **named},
            **(content and {"data": _json(body), "content_type": "application/json"}),
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.ask("POST", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.ask("DELETE", path, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Any:
        return self.ask("PATCH", path, body, **headers)


def _json(body: Any) -> str:
    import json

    return body if isinstance(body, str) else json.dumps(body)


@pytest.fixture
def api() -> Callable[[User | None], Api]:
    """`api(user)`: by a token of theirs; `api(None)`: nobody."""

    def by(user: User | None) -> Api:
        return Api(tokens.create_token(actor=user, name="test", lasts=None) if user else "")

    return by


@dataclass
class House:
    """Olivia organizes; Ada attends; Sam attends and asks to share; Nora is of no event at all."""

    event: Event
    stage: Stage
    session: BackstageSession
    olivia: User
    ada: User
    sam: User
    nora: User

    @property
    def path(self) -> str:
        return f"events/{self.event.slug}"

    @property
    def organization(self) -> str:
        return f"organizations/{self.event.organization.slug}"

    @property
    def backstage(self) -> str:
        return f"{self.path}/backstage-sessions/{self.session.pk}"

    def ask(self, user: User) -> ShareRequest:
        """The person comes in and asks to come on screen."""
        return moderation.ask(actor=self.come_in(user), microphone=True, camera=True)

    def come_in(self, user: User) -> Participant:
        return backstage.enter(session=self.session, actor=user, link_token=self.session.link_token)


@pytest.fixture
def house(db: None) -> House:
    return build_house()


def build_house() -> House:
    event = EventFactory()
    stage = StageFactory(event=event)
    olivia, ada, sam, nora = (
        UserFactory(display_name=name, email=f"{name.lower()}@secret.example")
        for name in ("Olivia", "Ada", "Sam", "Nora")
    )
    MembershipFactory(organization=event.organization, user=olivia, role="admin")
    for user in (ada, sam):
        RegistrationFactory(event=event, user=user)
    return House(event, stage, backstage.backstage_of(stage), olivia, ada, sam, nora)
