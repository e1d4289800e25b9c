"""The list of the People tab: search, filter, sort, pages."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.models import Event
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
