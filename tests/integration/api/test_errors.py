"""One form for every error, each with a code that stays."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from events import selectors
from tests.integration.api.conftest import Api, House

Ask = Callable[..., Any]


def error(answer: Any, status: int) -> str:
    """The code, once the form is as documented."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/json"
    body = answer.json()
    assert body.keys() <= {"code", "text", "fields"}
    assert body["text"].endswith((".", "…", "!")), body["text"]
    return str(body["code"])


def test_each_error_has_its_code(house: House, api: Callable[..., Api]) -> None:
    olivia, nobody = api(house.olivia), api(None)
    start = f"{house.backstage}/broadcast/start/"
    assert error(nobody.get("events/"), 401) == "not_authenticated"
    assert nobody.get("events/")["WWW-Authenticate"] == "Bearer"
    assert error(Api("hopin_0000").get("events/"), 401) == "token_invalid"
    assert error(Api("ä\x00").get("events/"), 401) == "token_invalid"
    assert error(olivia.get("events/none/"), 404) == "not_found"
    assert error(olivia.get("nothing/of/the/kind"), 404) == "not_found"
    assert error(olivia.ask("DELETE", "events/"), 405) == "method_not_allowed"
    assert error(olivia.get("events/", Accept="text/csv"), 406) == "not_acceptable"
    assert error(olivia.post(f"{house.path}/stages/", "{"), 400) == "malformed"
    assert error(olivia.post(f"{house.path}/stages/", f'"{"x" * 300_000}"'), 413) == "too_large"
    assert error(olivia.post(f"{house.path}/stages/", {"name": "Side", "delay": 12}), 400) == "invalid"
    assert error(olivia.get("events/?cursor=cD1ub3RhZGF0ZQ%3D%3D"), 400) == "cursor"
    assert error(olivia.get("events/?page_size=0"), 400) == "page_size"
    assert error(olivia.get("events/?status=gone"), 400) == "invalid"
    assert olivia.post(start).status_code == 200
    assert error(olivia.post(start), 409) == "broadcast.already"
    assert error(api(house.nora).ask("PUT", "events/none/registration/"), 404) == "not_found"


def test_a_form_is_no_json(house: House, api: Callable[..., Api]) -> None:
    answer = Client().post(
        f"/api/v1/{house.path}/stages/", {"name": "Side"}, headers=api(house.olivia).headers
    )
    assert error(answer, 415) == "unsupported_media_type"


def test_fields_to_blame_are_named(house: House, api: Callable[..., Api]) -> None:
    answer = api(house.olivia).post(f"{house.path}/stages/", {"delay_s": "12", "nme": 1})
    assert {name: [one["code"] for one in found] for name, found in answer.json()["fields"].items()} == {
        "nme": ["unknown"]
    }
    answer = api(house.olivia).post(f"{house.path}/stages/", {"delay_s": "12"})
    assert {name: [one["code"] for one in found] for name, found in answer.json()["fields"].items()} == {
        "name": ["required"],
        "delay_s": ["invalid"],
    }


def test_a_session_needs_its_csrf_token(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house.olivia)
    path = f"/api/v1/{house.backstage}/broadcast/start/"
    assert client.get(f"/api/v1/{house.backstage}/").status_code == 200
    assert error(client.post(path, content_type="application/json"), 403) == "csrf"
    client.get("/api/v1/")
    token = client.cookies["csrftoken"].value
    answer = client.post(path, content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_our_own_failures_are_json_too(
    house: House, api: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(selectors, "events_of", broken)
    assert error(api(house.olivia).get("events/"), 500) == "server_error"


def test_who_asks_too_often_waits(house: House, api: Callable[..., Api], settings: Settings) -> None:
    settings.API_PER_MINUTE, settings.API_PER_MINUTE_ANONYMOUS = 3, 2
    olivia, ada = api(house.olivia), api(house.ada)
    # The minute may end between two of them.
    answers = [olivia.get("events/") for _ in range(8)]
    assert error(answers[-1], 429) == "throttled"
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60
    assert ada.get("events/").status_code == 200, "others are not held back"
    guesses = [Api(f"hopin_{number}").get("events/") for number in range(6)]
    assert error(guesses[0], 401) == "token_invalid"
    assert error(guesses[-1], 429) == "throttled"
