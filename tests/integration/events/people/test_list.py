"""The list of the People tab: search, filter, sort, pages."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event, Registration
from tests.factories import RegistrationFactory, UserFactory
from tests.integration.events.people.people_tab import at, person
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db


def shown(organizer: Client, event: Event, **query: str) -> list[str]:
    rows = organizer.get(at(event), query).context["rows"]
    return [row.registration.user.display_name for row in rows]


@pytest.mark.usefixtures("crowd")
def test_the_newest_comes_first_and_everything_can_be_sorted(organizer: Client, event: Event) -> None:
    assert shown(organizer, event) == ["Dan", "cyd", "Bea", "Ada"]
    assert shown(organizer, event, sort="registered") == ["Ada", "Bea", "cyd", "Dan"]
    assert shown(organizer, event, sort="name") == ["Ada", "Bea", "cyd", "Dan"]
    assert shown(organizer, event, sort="-name") == ["Dan", "cyd", "Bea", "Ada"]
    assert shown(organizer, event, sort="user__password") == ["Dan", "cyd", "Bea", "Ada"]


#: A page and a bit.
MANY = 55


@pytest.fixture
def sorted_by(event: Event) -> dict[str, list[str]]:
    """By column: the names of many people in its order. No two are alike, nor is any that of the rows."""
    names = [f"{'Pp'[number % 2]}erson {number:02}" for number in range(MANY)]
    shuffled = Random(1)
    rows, registered, came = (shuffled.sample(names, MANY) for _ in range(3))
    for name in rows:
        user = person(event, name, came_at=event.starts_at + timedelta(minutes=came.index(name)))
        at_minute = event.starts_at - timedelta(days=1) + timedelta(minutes=registered.index(name))
        Registration.objects.filter(user=user).update(created_at=at_minute)
    return {"name": names, "registered": registered, "came": came}


@pytest.mark.parametrize("column", ["name", "registered", "came"])
def test_each_column_is_sorted_both_ways_and_the_next_page_goes_on(
    organizer: Client, event: Event, sorted_by: dict[str, list[str]], column: str
) -> None:
    order = sorted_by[column]
    for sort, expected in ((column, order), (f"-{column}", order[::-1])):
        first, second = (shown(organizer, event, sort=sort, page=page) for page in "12")
        assert (first, second) == (expected[:50], expected[50:]), sort


@pytest.mark.database
def test_whoever_never_came_is_behind_those_who_came_lately(organizer: Client, event: Event) -> None:
    for name, came_at in (("Ada", None), ("Bea", event.starts_at), ("Cyd", None)):
        person(event, name, came_at=came_at)
    assert shown(organizer, event, sort="-came") == ["Bea", "Cyd", "Ada"]
    assert shown(organizer, event, sort="came") == ["Ada", "Cyd", "Bea"]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"search": "ADA"}, ["Ada"]),
        ({"search": "bea@exam"}, ["Bea"]),
        ({"search": "example a"}, ["Ada", "Bea", "Dan", "cyd"]),
        ({"search": "% _"}, []),
        ({"only": "came"}, ["Ada"]),
        ({"only": "not_came"}, ["Bea", "Dan", "cyd"]),
        ({"only": "blocked"}, ["Bea"]),
        ({"only": "organizers"}, ["Dan", "cyd"]),
        ({"only": "organizers", "search": "dan"}, ["Dan"]),
        ({"only": "nonsense"}, ["Ada", "Bea", "Dan", "cyd"]),
    ],
)
def test_searching_and_filtering(
    organizer: Client, event: Event, query: dict[str, str], found: list[str]
) -> None:
    assert sorted(shown(organizer, event, **query)) == found


def test_there_are_pages_and_a_page_that_is_not_there_is_the_last(organizer: Client, event: Event) -> None:
    RegistrationFactory.create_batch(51, event=event)
    assert len(shown(organizer, event)) == 50
    assert len(shown(organizer, event, page="2")) == 1
    assert len(shown(organizer, event, page="999")) == 1
    assert len(shown(organizer, event, page="x")) == 50
    # How many rows a page has is not the address's to say.
    for many in ("-1", "100000", "x"):
        assert len(shown(organizer, event, per_page=many)) == 50
    page = html(organizer.get(at(event), {"sort": "name", "search": "person"}))
    assert "Page 1 of 2" in page
    assert "?sort=name&amp;search=person&amp;page=2" in page


def test_a_page_costs_the_same_however_full(organizer: Client, event: Event) -> None:
    counts = []
    for more in (1, 40):
        for user in UserFactory.create_batch(more):
            RegistrationFactory(event=event, user=user)
            event.organizers.add(user)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            organizer.get(at(event))
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert counts[0] <= 17


def test_names_are_text(organizer: Client, event: Event) -> None:
    person(event, "<script>x</script>")
    page = html(organizer.get(at(event)))
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
