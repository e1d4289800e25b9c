"""Whom the list of members offers is asked of the database once."""

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from events.models import Event, User
from events.views.members_list import OFFERED, Offer, offer_of
from tests.factories import EventFactory, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def olivia() -> User:
    return UserFactory()


@pytest.fixture
def event(olivia: User) -> Event:
    event: Event = EventFactory(organizers=[olivia])
    MembershipFactory(organization=event.organization, user=olivia)
    return event


def offered(event: Event, user: User, **asked: str) -> tuple[Offer, int]:
    """And how often the database was asked for members to offer."""
    request = RequestFactory().get("/", asked)
    request.user = user
    with CaptureQueriesContext(connection) as queries:
        offer = offer_of(request, event)
    return offer, sum(f"LIMIT {OFFERED + 1}" in each["sql"] for each in queries)


def join(event: Event, number: int) -> None:
    for each in range(number):
        MembershipFactory(organization=event.organization, user__display_name=f"Anna {each:03}")


def test_few_are_listed(event: Event, olivia: User) -> None:
    join(event, OFFERED)
    offer, times = offered(event, olivia)
    assert (len(offer.members), offer.has_search, offer.are_more, times) == (OFFERED, False, False, 1)
    # A search that was typed while they were many can still be seen, and taken back.
    offer, times = offered(event, olivia, member="anna 00")
    assert (len(offer.members), offer.has_search, offer.are_more, times) == (10, True, False, 1)


def test_of_many_some_are_looked_for(event: Event, olivia: User) -> None:
    join(event, OFFERED + 1)
    offer, times = offered(event, olivia)
    assert (offer.members, offer.has_search, offer.are_more, times) == ([], True, False, 1)
    offer, times = offered(event, olivia, member="anna")
    assert (len(offer.members), offer.has_search, offer.are_more, times) == (OFFERED, True, True, 1)
