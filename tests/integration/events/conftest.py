from collections.abc import Callable
from time import time

import pytest
from django.core.cache import cache
from pytest_django import Settings

from events.models import Event, Membership, User
from tests.factories import EventFactory, MembershipFactory


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """What people did in a test before: the ids of a database that was rolled back come again."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_hour_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paces are counted in windows of the clock, and one may begin in the middle of a test."""
    now = time()
    monkeypatch.setattr("events.services.pacing.time", lambda: now)


@pytest.fixture
def owner() -> User:
    return MembershipFactory(role=Membership.Role.OWNER).user


@pytest.fixture
def event(owner: User) -> Event:
    return EventFactory(organization=owner.organizations.get(), name="Old name")


@pytest.fixture
def away(settings: Settings) -> Callable[[str], None]:
    """`away("refuses")`: from now on the mail server is no help; `away("")`: it is back."""
    working = settings.EMAIL_BACKEND

    def turn(failing: str) -> None:
        settings.EMAIL_BACKEND = "tests.integration.events.mail_servers.Failing" if failing else working
        settings.EMAIL_HOST = failing

    return turn
