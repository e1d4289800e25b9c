"""What is made can be read at once, and what is deleted is gone: of all kinds that the API makes or deletes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory
from tests.integration.access import routes
from tests.integration.api.conftest import Api, House

Ask = Callable[..., Api]

ROUTES = {route.name.removeprefix("api:"): route for route in routes.pages() if route.name.startswith("api:")}
#: What is posted to make one of each kind.
MADE_OF: dict[str, dict[str, Any]] = {
    "organization": {"name": "Northwind"},
    "invitation": {"email": "grace@example.com"},
    "event": {"name": "Summit", "starts_at": "2030-06-01T09:00:00Z", "ends_at": "2030-06-01T17:00:00Z"},
    "stage": {"name": "Side"},
    "speaker": {"name": "Grace"},
    "event-message": {"text": "Hello"},
    "backstage-message": {"text": "Hello"},
}
#: Sound ones, by route and method, else refused before it is asked what they are for.
BODIES = {
    ("member-detail", "PATCH"): {"role": "member"},
    ("speaker-detail", "PATCH"): {"name": "Ada"},
    ("speaker-move", "POST"): {"places": 1},
}


def kinds(suffix: str, method: str) -> list[str]:
    names = [name for name, route in ROUTES.items() if name.endswith(suffix) and method in route.methods]
    return sorted(name.removesuffix(suffix) for name in names)


def test_of_every_kind_that_is_made_it_is_known_here_what_of() -> None:
    assert set(kinds("-list", "POST")) == MADE_OF.keys()


@pytest.mark.parametrize("kind", kinds("-list", "POST"))
def test_what_is_made_can_be_read_at_once(house: House, api: Ask, kind: str) -> None:
    asking = api(house.olivia)
    made = make(house, asking, kind)
    assert made in listed(house, asking, kind)
    if "GET" in ROUTES[f"{kind}-detail"].methods:
        assert asking.get(address(house, f"{kind}-detail", made)).json() == made


@pytest.mark.parametrize("kind", kinds("-detail", "DELETE"))
def test_what_is_deleted_is_gone(house: House, api: Ask, kind: str) -> None:
    asking = api(house.olivia)
    made = make(house, asking, kind)
    assert made in listed(house, asking, kind)
    assert asking.delete(address(house, f"{kind}-detail", made)).status_code == 204
    assert made["id"] not in [each["id"] for each in listed(house, asking, kind)]
    of_one = [name for name in ROUTES if name.startswith(f"{kind}-") and name != f"{kind}-list"]
    for name in of_one:
        # PUT makes it again.
        for method in ROUTES[name].methods - {"PUT"}:
            answer = asking.ask(method, address(house, name, made), BODIES.get((name, method)))
            assert answer.status_code == 404, (method, name)


def make(house: House, asking: Api, kind: str) -> dict[str, Any]:
    """One more, as the API shows it; of what nobody makes, who comes by an invitation or is registered."""
    house.come_in(house.olivia)
    MembershipFactory(organization=house.event.organization, user=house.nora)
    if kind == "member":
        return next(one for one in listed(house, asking, kind) if one["id"] == house.nora.pk)
    if kind == "organizer":
        return asking.ask("PUT", address(house, "organizer-detail", {"id": house.nora.pk})).json()
    of = MADE_OF[kind] | ({"organization": house.event.organization.slug} if kind == "event" else {})
    made = asking.post(address(house, f"{kind}-list"), of)
    assert made.status_code == 201, made.json()
    return made.json()


def listed(house: House, asking: Api, kind: str) -> list[dict[str, Any]]:
    return asking.get(address(house, f"{kind}-list")).json()["results"]


def address(house: House, name: str, thing: dict[str, Any] | None = None) -> str:
    """Below /api/v1/, of a thing as the API shows it."""
    known = {
        "organization": house.event.organization.slug,
        "event": house.event.slug,
        "session": house.session.pk,
    }
    if thing:
        known |= {"pk": thing.get("id"), "person": thing.get("id")}
        if name in ("organization-detail", "event-detail"):
            known[name.removesuffix("-detail")] = thing["slug"]
    given = {key: known[key] for key in ROUTES[name].parameters}
    return reverse(f"api:{name}", kwargs=given).removeprefix("/api/v1/")
