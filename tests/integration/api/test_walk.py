"""A show from the first request to the cut, by the API alone; and its answers as they are documented."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from knox.crypto import hash_token

from backstage.models import Slot
from chat import services as chat
from events.models import Event, User
from hopin_backstage.rest import services as tokens
from hopin_backstage.rest.models import ApiToken
from tests.factories import PASSWORD
from tests.integration.api.conftest import Api, House
from tests.integration.api.filling import fill
from tests.integration.events.test_accounts import confirmed, link_in_mail

Ask = Callable[..., Api]


def test_a_show_by_the_api_alone(house: House, api: Ask) -> None:
    """Olivia has no Backstage open, and does not need one."""
    olivia, request = api(house.olivia), house.ask(house.sam)
    waiting = olivia.get(f"{house.backstage}/requests/?state=waiting").json()["results"]
    assert [(one["id"], one["name"]) for one in waiting] == [(str(request.pk), "Sam")]
    assert olivia.post(f"{house.backstage}/broadcast/start/").json()["show"]["state"] == "going_live"
    accepted = olivia.post(f"{house.backstage}/requests/{request.pk}/accept/").json()
    assert (accepted["state"], accepted["decided_by"]) == ("accepted", "Olivia")
    assert Slot.objects.get().participant.user == house.sam
    assert olivia.post(f"{house.backstage}/requests/{request.pk}/accept/").json()["code"] == "request.gone"
    assert olivia.post(f"{house.backstage}/broadcast/stop/").json()["show"]["state"] == "ending"
    cut = olivia.post(f"{house.backstage}/broadcast/cut/").json()
    assert cut["show"] == {
        "state": "off_air",
        "delay_s": 12,
        "started_at": None,
        "on_air_at": None,
        "stopped_at": None,
    }
    assert cut["people"] == 1, "who directs from outside is not inside"
    log = olivia.get(f"{house.path}/audit-log/").json()["results"]
    assert [entry["action"] for entry in log] == [
        "cut",
        "broadcast_stopped",
        "accepted",
        "broadcast_started",
        "asked",
    ]
    only = olivia.get(f"{house.path}/audit-log/?action=cut&after=2020-01-01T00:00:00Z").json()["results"]
    assert only == log[:1]


def test_whoever_organizes_no_more_directs_no_more(house: House, api: Ask) -> None:
    house.event.organizers.add(house.nora)
    nora = api(house.nora)
    assert nora.post(f"{house.backstage}/broadcast/start/").status_code == 200
    house.event.organizers.remove(house.nora)
    assert nora.post(f"{house.backstage}/broadcast/stop/").status_code == 404


def test_coming_and_going(house: House, api: Ask) -> None:
    nora, mine = api(house.nora), f"{house.path}/registration/"
    assert nora.get(mine).status_code == 404
    first = nora.ask("PUT", mine)
    assert nora.ask("PUT", mine).json() == first.json() == nora.get(mine).json()
    assert nora.ask("DELETE", mine).status_code == 204
    Event.objects.update(registration_open=False)
    refused = nora.ask("PUT", mine)
    assert (refused.status_code, refused.json()["code"]) == (409, "registration.closed")


def test_blocking(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    registration = house.event.registrations.get(user=house.ada)
    path = f"{house.path}/registrations/{registration.pk}"
    assert olivia.post(f"{path}/block/").json()["is_blocked"] is True
    assert api(house.ada).ask("PUT", f"{house.path}/registration/").json()["code"] == "registration.blocked"
    found = olivia.get(f"{house.path}/registrations/?is_blocked=true&search=ADA").json()["results"]
    assert [one["name"] for one in found] == ["Ada"]
    assert olivia.post(f"{path}/unblock/").json()["is_blocked"] is False


def test_chats(house: House, api: Ask) -> None:
    ada, olivia, path = api(house.ada), api(house.olivia), f"{house.path}/messages/"
    said = ada.post(path, {"text": "Hello @Sam"}, Idempotency_Key="one")
    assert said.status_code == 201
    assert ada.post(path, {"text": "Hello @Sam"}, Idempotency_Key="one").json() == said.json()
    assert said.json()["mentions"] == [{"person": house.sam.pk, "name": "Sam"}]
    assert [one["text"] for one in olivia.get(path).json()["results"]] == ["Hello @Sam"]
    assert api(house.sam).ask("DELETE", f"{path}{said.json()['id']}/").json()["code"] == "message.not_yours"
    assert olivia.ask("DELETE", f"{path}{said.json()['id']}/").status_code == 204
    assert olivia.get(path).json()["results"] == []
    assert olivia.get(f"{path}{said.json()['id']}/").status_code == 404
    outside = olivia.post(f"{house.backstage}/messages/", {"text": "Ready?"})
    assert (outside.status_code, outside.json()["code"]) == (409, "not_inside")
    house.come_in(house.olivia)
    assert olivia.post(f"{house.backstage}/messages/", {"text": "Ready?"}).status_code == 201


def test_what_is_deleted_is_in_no_answer_any_more(house: House, api: Ask) -> None:
    """In either chat: whoever asks again, and however, gets what stays alone."""
    house.come_in(house.olivia)
    house.come_in(house.sam)
    olivia, sam = api(house.olivia), api(house.sam)
    for path, room, readers in (
        (f"{house.path}/messages/", chat.room_of_event(house.event), [olivia, sam]),
        (f"{house.backstage}/messages/", chat.room_of_backstage(house.session), [olivia]),
    ):
        rude, kind = (
            chat.send(room=room, post=chat.Post(actor=house.sam, client_id=uuid4(), text=text))
            for text in ("Rude", "Kind")
        )
        one = f"{path}{rude.pk}/"
        before = {each: olivia.get(each) for each in (path, one)}
        assert all("Rude" in answer.content.decode() for answer in before.values())
        assert olivia.delete(one).status_code == 204
        for asking in readers:
            assert [shown["id"] for shown in asking.get(path).json()["results"]] == [str(kind.pk)]
            known = [asking.get(each, If_None_Match=answer["ETag"]) for each, answer in before.items()]
            assert [answer.status_code for answer in known] == [200, 404], (
                "what was kept of it is not valid any more"
            )
            again = [asking.get(path), asking.get(one), asking.delete(one)]
            assert [answer.status_code for answer in again] == [200, 404, 404]
            for answer in [*known, *again, olivia.get(f"{house.path}/audit-log/")]:
                assert "Rude" not in answer.content.decode()


def test_link_reset(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    before = olivia.get(f"{house.backstage}/").json()["link"]
    participant = house.come_in(house.ada)
    after = olivia.post(f"{house.backstage}/link/reset/", {"everybody_again": True}).json()["link"]
    assert after != before
    participant.refresh_from_db()
    assert participant.left_at is not None


def test_stages(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    made = olivia.post(f"{house.path}/stages/", {"name": "Side", "delay_s": 15})
    assert made.status_code == 201
    path = f"{house.path}/stages/{made.json()['id']}/"
    assert olivia.get(path).json() == made.json()
    edited = olivia.patch(path, {"name": "Left", "delay_s": 11}).json()
    assert (edited["name"], edited["delay_s"]) == ("Left", 11)
    session = olivia.get(f"{house.path}/backstage-sessions/").json()["results"][-1]
    olivia.post(f"{house.path}/backstage-sessions/{session['id']}/broadcast/start/")
    refused = olivia.patch(path, {"name": "Right", "delay_s": 12})
    assert refused.json()["code"] == "show.on_air"
    assert olivia.get(path).json()["name"] == "Left", "all of an edit, or nothing"


def test_events(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    new = {
        "organization": house.event.organization.slug,
        "name": "Summit",
        "starts_at": "2030-06-01T09:00:00+02:00",
        "ends_at": "2030-06-01T17:00:00+02:00",
        "time_zone": "Europe/Berlin",
        "capacity": 100,
    }
    made = olivia.post("events/", new, Idempotency_Key="one")
    assert made.status_code == 201
    assert olivia.post("events/", new, Idempotency_Key="one").json() == made.json()
    path = f"events/{made.json()['slug']}/"
    assert made.json()["status"] == "draft"
    assert api(house.ada).get(path).status_code == 404
    assert olivia.post(f"{path}publish/").json()["status"] == "published"
    assert api(house.ada).get(path).status_code == 200
    etag = olivia.get(path)["ETag"]
    edited = olivia.patch(path, {"name": "The Summit", "registration_open": False}, If_Match=etag).json()
    assert (edited["name"], edited["registration_open"], edited["capacity"]) == ("The Summit", False, 100)
    assert olivia.patch(path, {"name": "Mine"}, If_Match=etag).status_code == 412
    backwards = olivia.patch(path, {"ends_at": "2030-06-01T06:00:00Z"})
    assert (backwards.status_code, backwards.json()["code"]) == (409, "event.ends_before_start")
    assert olivia.post(f"{path}unpublish/").json()["status"] == "draft"
    assert api(house.ada).patch(path, {"name": "Mine"}).status_code == 404
    past = olivia.get("events/?starts_before=2030-01-01T00:00:00Z").json()["results"]
    assert [event["slug"] for event in past] == [house.event.slug]


def test_nothing_is_read_twice_and_no_edit_is_lost(house: House, api: Ask) -> None:
    olivia, path = api(house.olivia), f"{house.path}/stages/{house.stage.pk}/"
    etag = olivia.get(path)["ETag"]
    same = olivia.get(path, If_None_Match=etag)
    assert (same.status_code, same.content) == (304, b"")
    assert olivia.patch(path, {"delay_s": 14}, If_Match=etag).status_code == 200
    lost = olivia.patch(path, {"delay_s": 15}, If_Match=etag)
    assert (lost.status_code, lost.json()["code"]) == (412, "changed_meanwhile")
    assert olivia.get(path, If_None_Match=etag).json()["delay_s"] == 14
    newer = olivia.get(path)["ETag"]
    assert olivia.patch(path, {"delay_s": 15}, If_Match=newer).status_code == 200


def test_pages_follow_each_other(house: House, api: Ask) -> None:
    fill(house, 5)
    olivia, seen = api(house.olivia), []
    address = f"{house.path}/registrations/?page_size=3"
    while address:
        page = olivia.get(address).json()
        seen += [one["id"] for one in page["results"]]
        assert len(page["results"]) <= 3
        address = (page["next"] or "").partition("/api/v1/")[2]
        assert "cursor=" in address or not address
    assert seen == sorted(house.event.registrations.values_list("pk", flat=True))


def test_a_token_is_made_by_whoever_knows_the_password(house: House, client: Client) -> None:
    client.force_login(house.ada)
    page, typed = reverse("tokens"), {"name": "Stream & deck", "lasts": "0"}
    asked = client.post(page, typed).headers["Location"]
    assert asked.startswith(reverse("account_reauthenticate"))
    client.post(asked, {"password": "wrong"})
    client.post(page, typed)
    assert not ApiToken.objects.exists()
    back = client.post(asked, {"password": PASSWORD}, follow=True)
    assert not ApiToken.objects.exists(), "nothing is made behind the password"
    assert 'value="Stream &amp; deck"' in back.content.decode()
    assert '<option value="0" selected>' in back.content.decode()
    assert client.post(page, typed, follow=True).context["secret"]


def test_a_new_password_ends_every_token(house: House, api: Ask, client: Client) -> None:
    ada, sam = api(house.ada), api(house.sam)
    client.force_login(house.ada)
    new = "another-uncommon-Phrase"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), {**typed, "oldpassword": "wrong"})
    assert ada.get("events/").status_code == 200
    assert "revokes your API tokens" in client.get(reverse("account_change_password")).content.decode()
    client.post(reverse("account_change_password"), typed)
    assert ada.get("events/").status_code == 401
    assert sam.get("events/").status_code == 200
    reset(Client(), confirmed(house.sam), new)
    assert sam.get("events/").status_code == 401


def reset(browser: Client, user: User, password: str) -> None:
    browser.post(reverse("account_reset_password"), {"email": user.email})
    form = browser.get(link_in_mail(), follow=True)
    assert "revokes your API tokens" in form.content.decode()
    browser.post(form.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_tokens_are_shown_once_and_end(house: House, api: Ask, client: Client) -> None:
    client.force_login(house.ada)
    page = reverse("tokens")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    made = client.post(page, {"name": "Stream deck", "lasts": "30"})
    assert made.status_code == 302
    elsewhere = Client()
    elsewhere.force_login(house.ada)
    assert not elsewhere.get(made["Location"]).context["secret"], "it is shown where it was made"
    client.head(made["Location"])
    shown = client.get(made["Location"])
    token = shown.context["secret"]
    assert token in shown.content.decode()
    assert token not in made["Location"]
    assert "no-store" in shown["Cache-Control"]
    row = ApiToken.objects.get()
    assert row.digest == hash_token(token), "of the token itself nothing is kept but how it begins"
    assert len(row.token_key) < len(token) / 2
    assert token[len(row.token_key) : -20] not in str(vars(row))
    again = client.get(made["Location"]).content.decode()
    assert token not in again
    assert "is shown only once" in again
    assert "is shown only once" not in client.get(page).content.decode()
    assert ApiToken.objects.get() == row, "whoever loads it again makes no other"
    asking = Api(token)
    assert asking.get("events/").status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None

    revoking = reverse("revoke_token", args=[row.token_key])
    client.force_login(house.sam)
    assert client.get(revoking).status_code == 404, "nobody sees another's token"
    client.post(revoking)
    assert asking.get("events/").status_code == 200, "nobody revokes another's token"
    client.force_login(house.ada)
    assert f'href="{revoking}"' in client.get(page).content.decode()
    assert f"Revoke {row.name}?" in client.get(revoking).content.decode()
    assert asking.get("events/").status_code == 200, "asked only"
    client.post(revoking)
    assert asking.get("events/").status_code == 401


def test_twenty_tokens_cost_what_one_costs(house: House, client: Client) -> None:
    client.force_login(house.ada)
    counts = []
    for more in (1, 19):
        for number in range(more):
            tokens.create_token(actor=house.ada, name=f"Deck {number}", lasts=timedelta(days=30))
        with CaptureQueriesContext(connection) as asked:
            shown = client.get(reverse("tokens")).content.decode()
        assert shown.count("Deck ") >= more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_tokens_run_out_and_die_with_the_account(house: House, api: Ask) -> None:
    ada = api(house.ada)
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert ada.get("events/").status_code == 401
    ApiToken.objects.update(expiry=None)
    assert ada.get("events/").status_code == 200
    house.ada.is_active = False
    house.ada.save()
    assert ada.get("events/").status_code == 401
