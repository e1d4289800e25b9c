"""Nobody reads more in the API than on the pages."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat import services as chat
from chat.models import Message
from events.models import Event, Invitation, User
from hopin_backstage.api import router
from tests.factories import BlockFactory, EventFactory, MembershipFactory, StageFactory
from tests.integration.api.conftest import Api, House
from tests.integration.api.filling import fill

Ask = Callable[..., Api]
SAID = "Said to everybody registered"
WHISPER = "Whispered backstage"


def secrets(house: House) -> list[str]:
    return [house.session.link_token, "@secret.example"]


def speak(house: House, user: User) -> tuple[Message, Message]:
    """What somebody who is inside says in the event's chat and in the Backstage's."""
    said, whispered = (
        chat.send(room=room, post=chat.Post(actor=user, client_id=uuid4(), text=text))
        for room, text in (
            (chat.room_of_event(house.event), SAID),
            (chat.room_of_backstage(house.session), WHISPER),
        )
    )
    return said, whispered


def reads(house: House) -> list[str]:
    """Every address that can be read, with this house's things in it."""
    request = house.ask(house.sam)
    house.come_in(house.olivia)
    said, whispered = speak(house, house.sam)
    things = {
        "organizations": house.event.organization.slug,
        "stages": house.stage.pk,
        "registrations": house.event.registrations.get(user=house.ada).pk,
        "backstage-sessions": house.session.pk,
        "audit-log": house.event.audit_entries.first().pk,
    }
    Invitation.objects.create(
        organization=house.event.organization,
        email="invited@secret.example",
        token_digest=uuid4().hex,
        expires_at=timezone.now() + timedelta(days=7),
    )
    return [
        "organizations/",
        f"organizations/{things.pop('organizations')}/",
        f"{house.organization}/members/",
        f"{house.organization}/members/{house.olivia.pk}/",
        f"{house.organization}/invitations/",
        "events/",
        f"{house.path}/",
        f"{house.path}/numbers/",
        f"{house.path}/registration/",
        f"{house.path}/speakers/",
        f"{house.path}/organizers/",
        f"{house.path}/organizers/{house.olivia.pk}/",
        *(f"{house.path}/{name}/" for name in things),
        *(f"{house.path}/{name}/{thing}/" for name, thing in things.items()),
        f"{house.backstage}/requests/",
        f"{house.backstage}/requests/{request.pk}/",
        f"{house.path}/messages/",
        f"{house.path}/messages/{said.pk}/",
        f"{house.backstage}/messages/",
        f"{house.backstage}/messages/{whispered.pk}/",
    ]


FOR_ORGANIZERS = (
    "members",
    "invitations",
    "numbers",
    "registrations",
    "organizers",
    "backstage-sessions",
    "audit-log",
    "requests",
)


#: What is said to whoever may not come into the event's chat.
WHY_NOT = {"nora": "not_registered", "blocked": "blocked"}


def somebody(house: House, who: str) -> User:
    if who == "blocked":
        BlockFactory(event=house.event, user=house.ada)
    return house.nora if who == "nora" else house.ada


@pytest.mark.parametrize("who", ["ada", "nora", "blocked"])
def test_whoever_does_not_organize_sees_what_the_event_page_says(house: House, api: Ask, who: str) -> None:
    paths, asking = reads(house), api(somebody(house, who))
    for path in paths:
        answer, is_chat = asking.get(path), path.startswith(f"{house.path}/messages/")
        if any(part in path for part in FOR_ORGANIZERS):
            assert answer.status_code == 404, path
        elif is_chat:
            assert answer.status_code == (200 if who == "ada" else 403), path
        else:
            assert answer.status_code in (200, 404), path
        if answer.status_code != 200:
            # Of the chat one is told why one may not, as its socket does. Nothing is counted or listed beside it.
            assert answer.json().keys() == {"code", "text"}, path
            assert answer.json()["code"] == (WHY_NOT[who] if is_chat else "not_found"), path
        is_theirs_to_hear = is_chat and who == "ada"
        spoken = [WHISPER, *([] if is_theirs_to_hear else [SAID, house.sam.display_name])]
        for secret in [*secrets(house), *spoken]:
            assert secret not in answer.content.decode(), path
    shown = asking.get(f"{house.path}/").json()
    assert shown["capacity"] is None
    assert asking.get(f"{house.path}/stages/").json()["results"][0]["delay_s"] is None
    listed = [event["slug"] for event in asking.get("events/").json()["results"]]
    assert listed == ([house.event.slug] if who == "ada" else [])


@pytest.mark.parametrize("who", WHY_NOT)
def test_whoever_is_not_in_a_chat_is_told_the_same_whatever_is_said_there(
    house: House, api: Ask, who: str
) -> None:
    asking = api(somebody(house, who))
    chats = [f"{house.path}/messages/", f"{house.backstage}/messages/"]
    of_silence = [asking.get(path).json() for path in chats]
    assert [answer["code"] for answer in of_silence] == [WHY_NOT[who], "not_found"]
    reads(house)
    assert [asking.get(path).json() for path in chats] == of_silence


@pytest.mark.parametrize("who", WHY_NOT)
def test_whoever_is_not_in_a_chat_writes_nothing_there_and_takes_nothing_back(
    house: House, api: Ask, who: str
) -> None:
    # What they take back would be their own, of a moment ago, if they are the one who was blocked.
    house.come_in(house.ada)
    said, whispered = speak(house, house.ada)
    asking = api(somebody(house, who))
    for path, message, refused in (
        (f"{house.path}/messages/", said, (403, WHY_NOT[who])),
        (f"{house.backstage}/messages/", whispered, (404, "not_found")),
    ):
        for answer in (asking.post(path, {"text": "Let me in"}), asking.delete(f"{path}{message.pk}/")):
            assert (answer.status_code, answer.json()["code"]) == refused, path
            assert answer.json().keys() == {"code", "text"}, path
    assert stored() == {(SAID, None), (WHISPER, None)}


def stored() -> set[tuple[str, object]]:
    """Of every chat: the text, and when it was deleted."""
    return set(Message.objects.values_list("text", "deleted_at"))


def test_an_organizer_outside_has_nothing_of_the_chat_inside(house: House, api: Ask) -> None:
    house.come_in(house.sam)
    _, whispered = speak(house, house.sam)
    olivia, path = api(house.olivia), f"{house.backstage}/messages/"
    for answer in (
        olivia.get(path),
        olivia.get(f"{path}{whispered.pk}/"),
        olivia.post(path, {"text": "Ready?"}),
        olivia.delete(f"{path}{whispered.pk}/"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "not_inside")
        assert answer.json().keys() == {"code", "text"}
    assert stored() == {(SAID, None), (WHISPER, None)}


def test_what_is_said_backstage_is_not_found_by_way_of_the_events_chat(house: House, api: Ask) -> None:
    house.come_in(house.sam)
    _, whispered = speak(house, house.sam)
    # To Olivia, who organizes, it would be hers to delete.
    for asking in (api(house.ada), api(house.olivia)):
        path = f"{house.path}/messages/"
        assert [one["text"] for one in asking.get(path).json()["results"]] == [SAID]
        assert asking.get(f"{path}{whispered.pk}/").status_code == 404
        assert asking.delete(f"{path}{whispered.pk}/").status_code == 404
    assert stored() == {(SAID, None), (WHISPER, None)}


def test_a_member_is_told_of_the_events_assigned_to_them_and_of_no_other(house: House, api: Ask) -> None:
    mia = MembershipFactory(organization=house.event.organization).user
    EventFactory(organization=house.event.organization)

    def told() -> list[str]:
        return [event["slug"] for event in api(mia).get("events/").json()["results"]]

    assert told() == []
    house.event.organizers.add(mia)
    assert told() == [house.event.slug]


def test_nobody_sees_nothing(house: House, api: Ask) -> None:
    nobody = api(None)
    for path in [*reads(house), "events/none/"]:
        answer = nobody.get(path)
        assert answer.status_code == 401, path
        assert answer.json()["code"] == "not_authenticated"


def test_an_organizer_reads_it_all(house: House, api: Ask) -> None:
    olivia = api(house.olivia)
    for path in reads(house):
        status = 404 if path.endswith("/registration/") else 200
        assert olivia.get(path).status_code == status, path
    session = olivia.get(f"{house.backstage}/").json()
    assert house.session.link_token in session["link"]
    people = olivia.get(f"{house.path}/registrations/").json()["results"]
    assert {person["email"] for person in people} == {"ada@secret.example", "sam@secret.example"}


def test_a_draft_is_not_there_for_others(house: House, api: Ask) -> None:
    paths = [path for path in reads(house) if path.startswith("events/e")]
    Event.objects.update(status=Event.Status.DRAFT)
    ada = api(house.ada)
    for path in paths:
        assert ada.get(path).status_code == 404, path
        assert ada.get(path).json() == ada.get("events/none/").json()
    assert ada.ask("PUT", f"{house.path}/registration/").status_code == 404


def test_writes_of_others_are_not_there(house: House, api: Ask) -> None:
    request = house.ask(house.sam)
    registration = house.event.registrations.get(user=house.sam)
    writes = [
        f"{house.path}/publish/",
        f"{house.path}/unpublish/",
        f"{house.path}/archive/",
        f"{house.path}/restore/",
        f"{house.path}/duplicate/",
        f"{house.path}/speakers/",
        f"{house.path}/stages/order/",
        f"{house.path}/stages/{house.stage.pk}/archive/",
        f"{house.path}/stages/{house.stage.pk}/restore/",
        f"{house.path}/registrations/{registration.pk}/organizer/make/",
        f"{house.organization}/invitations/",
        f"{house.path}/stages/",
        f"{house.path}/registrations/{registration.pk}/block/",
        f"{house.path}/registrations/{registration.pk}/unblock/",
        f"{house.backstage}/link/reset/",
        f"{house.backstage}/broadcast/start/",
        f"{house.backstage}/broadcast/stop/",
        f"{house.backstage}/broadcast/cut/",
        f"{house.backstage}/requests/{request.pk}/accept/",
        f"{house.backstage}/requests/{request.pk}/decline/",
    ]
    asking = {user: api(user) for user in (house.ada, house.nora)}
    for each in asking.values():
        for path in writes:
            assert each.post(path, {}).status_code == 404, path
    organization = {"organization": house.event.organization.slug}
    when = {"starts_at": "2030-01-01T10:00:00Z", "ends_at": "2030-01-01T12:00:00Z"}
    answer = asking[house.nora].post("events/", {"name": "Mine", **organization, **when})
    assert answer.status_code == 404
    request.refresh_from_db()
    assert request.state == "waiting"


def test_things_of_one_event_are_not_found_below_another(house: House, api: Ask) -> None:
    other = StageFactory(event=EventFactory(organizers=[house.olivia])).event
    request, olivia = house.ask(house.sam), api(house.olivia)
    registration = house.event.registrations.first()
    for path in (
        f"stages/{house.stage.pk}/",
        f"registrations/{registration.pk}/",
        f"backstage-sessions/{house.session.pk}/",
        f"backstage-sessions/{house.session.pk}/requests/{request.pk}/",
        f"audit-log/{house.event.audit_entries.first().pk}/",
    ):
        assert olivia.get(f"{house.path}/{path}").status_code == 200, path
        assert olivia.get(f"events/{other.slug}/{path}").status_code == 404, path


def test_a_list_asks_as_much_for_many_as_for_few(house: House, api: Ask) -> None:
    """All routes of lists that there are: a new one has to be added here."""
    olivia = api(house.olivia)
    house.come_in(house.olivia)
    paths = {
        "organization-list": "organizations/",
        "member-list": f"{house.organization}/members/",
        "invitation-list": f"{house.organization}/invitations/",
        "event-list": "events/",
        "stage-list": f"{house.path}/stages/",
        "registration-list": f"{house.path}/registrations/",
        "organizer-list": f"{house.path}/organizers/",
        "speaker-list": f"{house.path}/speakers/",
        "backstage-session-list": f"{house.path}/backstage-sessions/",
        "request-list": f"{house.backstage}/requests/",
        "audit-entry-list": f"{house.path}/audit-log/",
        "event-message-list": f"{house.path}/messages/",
        "backstage-message-list": f"{house.backstage}/messages/",
    }
    assert paths.keys() == set(list_routes())

    def count(path: str) -> tuple[int, int]:
        with CaptureQueriesContext(connection) as asked:
            answer = olivia.get(path)
        assert answer.status_code == 200
        return len(asked), len(answer.json()["results"])

    fill(house, 2)
    # The first makes the Backstages that lack, and notes that the token was used.
    olivia.get(paths["backstage-session-list"])
    few = {name: count(path) for name, path in paths.items()}
    fill(house, 6)
    many = {name: count(path) for name, path in paths.items()}
    for name in paths:
        assert many[name][1] >= few[name][1] + 5, f"{name} was not filled"
        assert many[name][0] == few[name][0], name


def list_routes() -> list[str]:
    return [pattern.name for pattern in router.urls if pattern.name.endswith("-list")]
