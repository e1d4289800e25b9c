"""The matrix of pages.txt against the product: every page, API route and socket, and everybody."""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django.contrib.messages import WARNING, get_messages
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.integration.access import house as houses
from tests.integration.access import matrix, routes
from tests.integration.access.house import ROLES, House

pytestmark = pytest.mark.django_db
#: Who may read what is secret to others.
TRUSTED = ("organizer", "owner", "staff")
#: Who may come into the event's chat. Nobody here is in the Backstage's: no page and no answer has its words.
IN_THE_EVENT_CHAT = ("organizer", "owner", "registered")
#: As a page of the library says it, whose status is 200 all the same.
DEAD = "<h1>This link no longer works</h1>"


PAGES = matrix.rows("pages.txt")
#: Those with a name; what is left refuses every other address.
ADMIN_ROUTES = [
    route.name for route in routes.pages() if route.name.startswith(matrix.ADMIN) and "<" not in route.name
]
BY_NAME = {route.name: route for route in routes.pages()}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    there = {route.name for route in routes.pages() if not route.name.startswith(matrix.ADMIN)}
    written = defaultdict(set)
    for method, name in PAGES:
        written[name].add(method)
    assert set(written) - there == set(), "rows without a route"
    assert there - set(written) == set(), "routes without a row"
    missing = {name: BY_NAME[name].methods - written[name] for name in there}
    assert {name: methods for name, methods in missing.items() if methods} == {}, "methods without a row"
    silent = {name for name in there if BY_NAME[name].must_say and not BY_NAME[name].methods}
    assert silent == set(), "views that do not say which methods they answer"


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""


@pytest.mark.parametrize(("method", "name"), PAGES, ids=[" ".join(key) for key in PAGES])
def test_page(house: House, method: str, name: str) -> None:
    address = matrix.address_of(house, name)
    assert {role: answer(house, role, method, name, address) for role in ROLES} == PAGES[method, name]


def test_the_admin_is_there_for_support_alone(house: House) -> None:
    admitted: dict[str, set[str]] = defaultdict(set)
    for name in ADMIN_ROUTES:
        named = {"session_id": house.session.pk, "app_label": "events"}
        address = reverse(name, kwargs={key: named.get(key, "1") for key in BY_NAME[name].parameters})
        for role in ROLES:
            outcome = answer(house, role, "GET", name, address)
            if outcome == "yes" and name not in ("admin:login", "admin:jsi18n"):
                admitted[role].add(name)
    assert set(admitted) == {"staff"}
    assert {"admin:index", "admin:events_user_changelist"} <= admitted["staff"]


def answer(house: House, role: str, method: str, name: str, address: str) -> str:
    """What the role gets; whatever it changes is taken back. Nobody reads there what is secret to them."""
    with taken_back():
        client = Client(raise_request_exception=True)
        person = house.people[role]
        if person is not None:
            client.force_login(person)
        body = houses.BODIES.get((method, name))
        response = client.generic(
            method,
            address,
            *written(address, body or {}),
            headers={"Idempotency-Key": str(uuid4())},
        )
        text = text_of(response)
        read = [
            secret for secret in secrets_from(house, role, name) if secret in text and secret not in address
        ]
        assert read == [], f"{role} reads secrets at {address}"
        return "no" if DEAD in text else outcome_of(response)


def text_of(response: HttpResponse) -> str:
    """All of it, also of what is written while it is read."""

    async def whole() -> bytes:
        return b"".join([part async for part in response])

    content = async_to_sync(whole)() if getattr(response, "is_async", False) else b"".join(response)
    return content.decode(errors="replace")


def secrets_from(house: House, role: str, name: str) -> list[str]:
    """What this role may not read on this route; one's own address is no secret."""
    if role == "staff" and name.startswith(matrix.ADMIN):
        # Support looks up what was said; on the pages it stands outside as everybody does.
        return house.sealed
    person = house.people[role]
    own = [secret for secret in house.secrets if not person or secret != person.email]
    return [
        *house.sealed,
        houses.WHISPER,
        *([] if role in TRUSTED else [*own, houses.WHISPERER]),
        *([] if role in IN_THE_EVENT_CHAT else house.said),
    ]


def written(address: str, body: dict[str, Any]) -> tuple[str, str]:
    """A body and its content type: the API's, or a form's."""
    if address.startswith("/api/"):
        return json.dumps(body), "application/json"
    return urlencode(body), "application/x-www-form-urlencoded"


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that is rolled back at its end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome_of(response: HttpResponse) -> str:
    status = response.status_code
    # What /healthz says when a part is away; here all of them are.
    assert status < 500 or status == HTTPStatus.SERVICE_UNAVAILABLE, "an error of ours"
    if status == HTTPStatus.UNAUTHORIZED:
        return "login"
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return "no"
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return "refused"
    if any(message.level >= WARNING for message in messages_of(response)):
        return "refused"
    if status in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER) and response.request["REQUEST_METHOD"] == "GET":
        login = response["Location"].startswith((reverse("account_login"), reverse("admin:login")))
        return "login" if login and response.wsgi_request.user.is_anonymous else "on"
    if status == HTTPStatus.FOUND and response["Location"].startswith(reverse("account_login")):
        return "login"
    return "yes"


def messages_of(response: HttpResponse) -> Iterator[object]:
    return iter(get_messages(response.wsgi_request))
