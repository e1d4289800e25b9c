"""The list of the People tab as a file for spreadsheets."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from asgiref.sync import async_to_sync
from django.http import StreamingHttpResponse
from django.test import Client

from events import exports
from events.models import Event, Registration
from moderation.models import AuditEntry
from tests.factories import RegistrationFactory
from tests.integration.events.people.people_tab import at, person

pytestmark = pytest.mark.django_db


def content(response: StreamingHttpResponse) -> bytes:
    """As the web server reads it: an asynchronous stream."""

    async def read() -> list[bytes]:
        return [part async for part in response.streaming_content]

    assert response.is_async
    return b"".join(async_to_sync(read)())


def exported(organizer: Client, event: Event, **query: str) -> list[list[str]]:
    text = content(organizer.get(at(event, "export_people"), query)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


@pytest.mark.usefixtures("crowd")
def test_the_export_has_everybody_with_times_of_the_event(organizer: Client, event: Event) -> None:
    at_four = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)
    Registration.objects.filter(event=event).update(created_at=at_four)
    Registration.objects.filter(came_at__isnull=False).update(came_at=at_four + timedelta(minutes=5))
    response = organizer.get(at(event, "export_people"))
    raw = content(response)
    assert raw.startswith(b"\xef\xbb\xbfName,E-mail,Registered (Asia/Tokyo)")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith(f'attachment; filename="{event.slug}-people-')
    assert exported(organizer, event)[1:] == [
        ["Ada", "ada@example.com", "2027-01-01 13:00:00", "2027-01-01 13:05:00", "", ""],
        ["Bea", "bea@example.com", "2027-01-01 13:00:00", "", "", "yes"],
        ["cyd", "cyd@example.com", "2027-01-01 13:00:00", "", "yes", ""],
        ["Dan", "dan@example.com", "2027-01-01 13:00:00", "", "yes", ""],
    ]
    assert [row[0] for row in exported(organizer, event, only="organizers", search="d")][1:] == ["cyd", "Dan"]
    assert AuditEntry.objects.filter(event=event, action="people_exported").count() == 3


@pytest.mark.parametrize("formula", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_name_is_no_formula(organizer: Client, event: Event, formula: str) -> None:
    RegistrationFactory(event=event, user__display_name=formula)
    ((_head, *_more), (name, *_rest)) = exported(organizer, event)
    assert name.startswith("'")
    assert name.replace("\\|", "|") == f"'{formula}"


def test_an_address_is_no_formula(organizer: Client, event: Event) -> None:
    """What stands before its @ may begin with almost any sign."""
    RegistrationFactory(event=event, user__email="=1+1@example.com")
    ((_head, *_more), (_name, email, *_rest)) = exported(organizer, event)
    assert email == "'=1+1@example.com"


@pytest.mark.parametrize("name", ["Mia;=1+1", "Mia; @SUM(A1)", "Mia\t-1+1", 'Mia";=1+1', "Mia;=1;=2"])
def test_a_name_is_no_formula_where_semicolons_part_cells(organizer: Client, event: Event, name: str) -> None:
    RegistrationFactory(event=event, user__display_name=name)
    text = content(organizer.get(at(event, "export_people"))).decode("utf-8-sig")
    for separator in (";", "\t", ","):
        cells = [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_nobody_is_lost_where_a_piece_ends(
    organizer: Client, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "CHUNK", 2)
    for name in "abcde":
        person(event, name)
    assert [row[0] for row in exported(organizer, event)][1:] == list("abcde")
