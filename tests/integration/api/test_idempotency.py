"""What must not happen twice happens once, also when two ask in the same moment."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from backstage.models import Broadcast, Slot
from backstage.stagehand.forgetting import forget
from events.models import Block
from hopin_backstage.rest import idempotency
from hopin_backstage.rest.models import KeptAnswer
from moderation.models import AuditEntry
from tests.at_once import at_once
from tests.integration.api.conftest import Api, House

ROUNDS = 8


def told(answer: Any) -> tuple[int, Any]:
    return answer.status_code, answer.json()


def test_a_repeat_gets_the_first_answer(house: House, api: Callable[..., Api]) -> None:
    olivia, start = api(house.olivia), f"{house.backstage}/broadcast/start/"
    first = olivia.post(start, Idempotency_Key="one")
    again = olivia.post(start, Idempotency_Key="one")
    assert first.status_code == 200
    assert told(again) == told(first)
    assert again["Idempotency-Replayed"] == "true"
    assert Broadcast.objects.count() == 1
    assert olivia.post(start, Idempotency_Key="two").status_code == 409


def test_a_person_is_put_on_screen_once(house: House, api: Callable[..., Api]) -> None:
    olivia, request = api(house.olivia), house.ask(house.sam)
    path = f"{house.backstage}/requests/{request.pk}/accept/"
    first = olivia.post(path, Idempotency_Key="one")
    assert (first.status_code, first.json()["state"]) == (200, "accepted")
    Slot.objects.all().delete()
    again = olivia.post(path, Idempotency_Key="one")
    assert told(again) == told(first)
    assert not Slot.objects.exists(), "answered, and not done again"
    assert AuditEntry.objects.filter(action="accepted").count() == 1


def test_a_refusal_is_an_answer(house: House, api: Callable[..., Api]) -> None:
    olivia = api(house.olivia)
    first = olivia.post(f"{house.backstage}/broadcast/stop/", Idempotency_Key="one")
    assert first.json()["code"] == "broadcast.not_on"
    olivia.post(f"{house.backstage}/broadcast/start/")
    assert told(olivia.post(f"{house.backstage}/broadcast/stop/", Idempotency_Key="one")) == told(first)


def test_a_key_is_for_one_thing(house: House, api: Callable[..., Api]) -> None:
    olivia, request = api(house.olivia), house.ask(house.sam)
    path = f"{house.backstage}/requests/{request.pk}/decline/"
    assert olivia.post(path, {"word": "Later."}, Idempotency_Key="one").status_code == 200
    other = olivia.post(path, {"word": "Never."}, Idempotency_Key="one")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency.reused")
    elsewhere = olivia.post(f"{house.backstage}/broadcast/start/", Idempotency_Key="one")
    assert elsewhere.status_code == 422
    assert olivia.post(path, {}, Idempotency_Key="ä").json()["code"] == "idempotency.key"


def test_keys_are_each_person_s_own_and_end(house: House, api: Callable[..., Api]) -> None:
    start = f"{house.backstage}/broadcast/start/"
    house.event.organizers.add(house.nora)
    assert api(house.olivia).post(start, Idempotency_Key="one").status_code == 200
    assert api(house.nora).post(start, Idempotency_Key="one").status_code == 409
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=24, seconds=1))
    assert api(house.olivia).post(start, Idempotency_Key="one").status_code == 409, "forgotten after a day"


def test_a_message_that_was_deleted_is_in_no_kept_answer(house: House, api: Callable[..., Api]) -> None:
    ada, path = api(house.ada), f"{house.path}/messages/"
    said = ada.post(path, {"text": "My secret"}, Idempotency_Key="one")
    again = ada.post(path, {"text": "My secret"}, Idempotency_Key="one")
    assert told(again) == told(said)
    assert (said.status_code, again["Idempotency-Replayed"]) == (201, "true")
    assert not KeptAnswer.objects.filter(body__contains="secret").exists()
    assert api(house.olivia).ask("DELETE", f"{path}{said.json()['id']}/").status_code == 204
    gone = ada.post(path, {"text": "My secret"}, Idempotency_Key="one")
    assert gone.status_code == 404
    assert "secret" not in gone.content.decode()
    assert ada.get(path).json()["results"] == [], "nor is it sent again"


def test_a_repeat_shows_nothing_to_whoever_may_not_read_any_more(
    house: House, api: Callable[..., Api]
) -> None:
    ada, path = api(house.ada), f"{house.path}/messages/"
    ada.post(path, {"text": "My secret"}, Idempotency_Key="one")
    Block.objects.create(event=house.event, user=house.ada)
    refused = ada.post(path, {"text": "My secret"}, Idempotency_Key="one")
    assert (refused.status_code, refused.json()["code"]) == (403, "blocked")


def test_a_refused_message_is_answered_the_same_again(house: House, api: Callable[..., Api]) -> None:
    olivia, path = api(house.olivia), f"{house.backstage}/messages/"
    first = olivia.post(path, {"text": "Ready?"}, Idempotency_Key="one")
    assert first.json()["code"] == "not_inside"
    house.come_in(house.olivia)
    assert told(olivia.post(path, {"text": "Ready?"}, Idempotency_Key="one")) == told(first)


def test_answers_to_people_who_ask_no_more_are_forgotten_too(
    house: House, api: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    olivia = api(house.olivia)
    for key in ("one", "two", "three"):
        olivia.post(f"{house.backstage}/broadcast/stop/", Idempotency_Key=key)
    api(house.ada).post(f"{house.path}/messages/", {"text": "Hello"}, Idempotency_Key="young")
    KeptAnswer.objects.exclude(key="young").update(created_at=timezone.now() - idempotency.KEPT_FOR)
    monkeypatch.setattr(idempotency, "FORGET_AT_ONCE", 2)
    assert [forget(), forget(), forget()] == [2, 1, 0]
    assert KeptAnswer.objects.get().key == "young"


def test_a_failure_of_ours_is_no_answer(
    house: House, api: Callable[..., Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    from backstage import api as views

    olivia, start = api(house.olivia), f"{house.backstage}/broadcast/start/"
    with monkeypatch.context() as patched:
        patched.setattr(views.Sessions, "_shown", lambda self: 1 / 0)
        assert olivia.post(start, Idempotency_Key="one").status_code == 500
    assert not KeptAnswer.objects.exists()
    assert not Broadcast.objects.exists(), "what it did is undone with the key"
    assert olivia.post(start, Idempotency_Key="one").status_code == 200


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_what_was_refused_after_the_commit_is_the_answer(api: Callable[..., Api], settings: Settings) -> None:
    from tests.integration.api.conftest import build_house

    house = build_house()
    settings.EMAIL_BACKEND = "tests.integration.events.mail_servers.Failing"
    settings.EMAIL_HOST = "cannot be reached"
    olivia, path = api(house.olivia), f"{house.organization}/invitations/"
    first, again = (
        olivia.post(path, {"email": "grace@example.com"}, Idempotency_Key="one") for _ in range(2)
    )
    assert (first.status_code, first.json()["code"]) == (409, "invitation.letter_failed")
    assert told(again) == told(first)


@pytest.mark.django_db(transaction=True)
def test_two_in_the_same_moment_are_one(api: Callable[..., Api]) -> None:
    from tests.integration.api.conftest import build_house

    house = build_house()
    asking = [api(house.olivia) for _ in range(4)]
    for number in range(ROUNDS):
        verb = "start" if number % 2 == 0 else "cut"
        path = f"{house.backstage}/broadcast/{verb}/"
        starting = [partial(who.post, path, Idempotency_Key=f"round-{number}") for who in asking]
        answers = [told(answer) for answer in at_once(*starting)]
        assert [status for status, _ in answers] == [200] * 4
        assert len({str(body) for _, body in answers}) == 1
    assert Broadcast.objects.count() == ROUNDS // 2
    assert AuditEntry.objects.count() == ROUNDS
