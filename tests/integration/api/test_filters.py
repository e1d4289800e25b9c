"""Each filter of each list shows the rows that it is about and no others; and there is none that is not tried here."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from backstage import services as backstage
from backstage.actions import Action
from events import services as events
from events.models import Event
from hopin_backstage.api import document
from moderation import audit
from moderation import services as moderation
from moderation.models import AuditEntry
from tests.factories import EventFactory, MembershipFactory, StageFactory
from tests.integration.api.conftest import Api, House

#: Of every list, what is no filter.
OF_PAGES = {"cursor", "page_size"}
EVENT, SESSION = "events/{event}/", "events/{event}/backstage-sessions/{session}/"
ORGANIZATION = "organizations/{organization}/"


def documented() -> set[tuple[str, str]]:
    """Path and name of every filter that the document has."""
    return {
        (path.removeprefix("/api/v1/"), parameter["name"])
        for path, operations in document()["paths"].items()
        for parameter in operations.get("get", {}).get("parameters", [])
        if parameter["in"] == "query" and parameter["name"] not in OF_PAGES
    }


def test_a_filter_that_makes_no_sense_is_refused(house: House, api: Callable[..., Api]) -> None:
    """Else it would be as if nothing was asked. Where any text makes sense, it only finds nothing."""
    olivia, tried = api(house.olivia), 0
    for path, name in documented():
        shape = parameter(path, name)["schema"]
        address = path.format(
            event=house.event.slug, session=house.session.pk, organization=house.event.organization.slug
        )
        takes_any_text = shape["type"] == "string" and not shape.keys() & {"enum", "format"}
        for value in (
            [] if name == "search" else ["", "%20"] if takes_any_text else ["744-nonsense", "", "%20"]
        ):
            answer = olivia.get(f"{address}?{name}={value}")
            assert answer.status_code == 400, (path, name, value)
            assert name in answer.json()["fields"]
            tried += 1
    assert tried > 25


def parameter(path: str, name: str) -> dict[str, Any]:
    return next(
        each for each in document()["paths"][f"/api/v1/{path}"]["get"]["parameters"] if each["name"] == name
    )


def test_each_filter_finds_its_rows_and_no_others(house: House, api: Callable[..., Api]) -> None:
    event, now = house.event, timezone.now()
    later = EventFactory(
        name="Later", organizers=[house.olivia], status=Event.Status.DRAFT, starts_at=now + timedelta(days=9)
    )
    away = EventFactory(name="Away", organization=event.organization, archived_at=now)
    StageFactory(event=event, name="Film", provider="vimeo", video_address="https://vimeo.com/1")
    StageFactory(event=event, name="Gone", archived_at=now)
    MembershipFactory(organization=event.organization, user=house.nora)
    moderation.withdraw(actor=house.ask(house.ada).participant)
    house.ask(house.sam)
    events.block(actor=house.olivia, event=event, user=house.ada)
    other = backstage.backstage_of(StageFactory(event=event, name="Other"))
    AuditEntry.objects.create(
        event=event, backstage_session=house.session, action=Action.CUT, at=now - timedelta(days=9)
    )
    audit.record(action=Action.LINK_RESET, actor=house.olivia, session=other)
    tomorrow, long_ago = (now + timedelta(days=1)).isoformat(), (now - timedelta(days=5)).isoformat()

    #: By list and filter: what is asked; by what field rows are known; which are found, and which are there and not.
    cases: dict[tuple[str, str], tuple[str, str, set[str], set[str]]] = {
        ("events/", "organization"): (event.organization.slug, "name", {event.name}, {"Later"}),
        ("events/", "status"): ("draft", "name", {"Later"}, {event.name}),
        ("events/", "starts_after"): (tomorrow, "name", {"Later"}, {event.name}),
        ("events/", "starts_before"): (tomorrow, "name", {event.name}, {"Later"}),
        ("events/", "archived"): ("true", "name", {away.name}, {event.name, later.name}),
        (f"{EVENT}stages/", "provider"): ("vimeo", "name", {"Film"}, {"Main Stage"}),
        (f"{EVENT}stages/", "archived"): ("true", "name", {"Gone"}, {"Film"}),
        (f"{EVENT}registrations/", "search"): ("SAM@", "name", {"Sam"}, {"Ada"}),
        (f"{EVENT}registrations/", "is_blocked"): ("false", "name", {"Sam"}, {"Ada"}),
        (f"{ORGANIZATION}members/", "role"): ("member", "name", {"Nora"}, {"Olivia"}),
        (f"{SESSION}requests/", "state"): ("waiting", "name", {"Sam"}, {"Ada"}),
        (f"{EVENT}audit-log/", "action"): ("cut", "action", {"cut"}, {"asked", "blocked"}),
        (f"{EVENT}audit-log/", "backstage_session"): (
            str(other.pk),
            "action",
            {"link_reset"},
            {"cut", "asked", "blocked"},
        ),
        (f"{EVENT}audit-log/", "after"): (
            long_ago,
            "action",
            {"asked", "withdrew", "blocked", "link_reset"},
            {"cut"},
        ),
        (f"{EVENT}audit-log/", "before"): (long_ago, "action", {"cut"}, {"asked", "blocked"}),
    }
    assert cases.keys() == documented()

    olivia = api(house.olivia)
    names = {"event": event.slug, "session": house.session.pk, "organization": event.organization.slug}

    def rows(path: str, field: str, query: dict[str, str]) -> set[Any]:
        answer = olivia.get(f"{path.format(**names)}?{urlencode(query)}")
        assert answer.status_code == 200, (path, query)
        return {row[field] for row in answer.json()["results"]}

    for (path, name), (value, field, found, others) in cases.items():
        assert rows(path, field, {name: value}) == found, (path, name)
        assert others <= rows(path, field, {}), "else nothing is tested"
