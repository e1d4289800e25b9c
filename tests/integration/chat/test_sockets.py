"""The chat over real sockets: what one person does is what the others see, and nobody else does."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from tests.browser.scene import Scene, make_scene, on_air, second_backstage
from tests.integration.backstage.line import Line, line
from tests.integration.backstage.test_access_ends import block, give_registration_back
from tests.integration.backstage.test_entrances import come_in, sockets
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"chat-{next(numbers)}")


async def say(chat: Line, text: str = "Hello", **more: Any) -> dict[str, Any]:
    return (await chat.ok("message.send", client_id=str(uuid4()), text=text, **more))["message"]


def told(chat: Line, wire_type: str) -> list[dict[str, Any]]:
    return [each for each in chat.heard if each["type"] == wire_type]


async def hears(chat: Line, wire_type: str, number: int = 1) -> dict[str, Any]:
    """The notice of this type that is so many-th."""
    async with asyncio.timeout(10):
        while len(told(chat, wire_type)) < number:
            await chat.news()
    return told(chat, wire_type)[number - 1]


async def hears_all_up_to(chat: Line, message: dict[str, Any]) -> list[str]:
    """The ids of all messages that it was told, when it has heard of this one, which is told last."""
    async with asyncio.timeout(10):
        while message["id"] not in (ids := [each["body"]["message"]["id"] for each in posted(chat)]):
            await chat.news()
    return ids


def posted(chat: Line) -> list[dict[str, Any]]:
    return told(chat, "message.posted")


async def history(chat: Line) -> list[str]:
    chat.heard.clear()
    await chat.ok("snapshot.get")
    return [message["text"] for message in (await chat.notice("chat.snapshot"))["messages"]]


async def older(chat: Line) -> list[str]:
    """What a page gets that scrolls up."""
    return [message["text"] for message in (await chat.ok("messages.older", before=100))["messages"]]


async def test_what_is_sent_reaches_everybody_in_the_room_once(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        secret = await say(sam["chat"], "Between us")
        public = await say(ada["event-chat"], "Hello @Sam Barnes")
        for who in (olivia, sam):
            notice = await hears(who["chat"], "message.posted")
            assert (notice["revision"], notice["body"]["message"]) == (1, secret)
            assert (await hears(who["event-chat"], "message.posted"))["body"]["message"] == public
        assert (await hears(ada["event-chat"], "message.posted"))["body"]["message"] == public
        assert [mention["name"] for mention in public["mentions"]] == ["Sam Barnes"]
        # Sent again after a lost line: the same message, and nobody sees it twice.
        for chat, sent in ((sam["chat"], secret), (ada["event-chat"], public)):
            again = await chat.ok("message.send", client_id=sent["client_id"], text=sent["text"])
            assert again["message"] == sent
        more, encore = await say(sam["chat"], "More"), await say(ada["event-chat"], "Encore")
        for chat in (olivia["chat"], sam["chat"]):
            assert await hears_all_up_to(chat, more) == [secret["id"], more["id"]]
        for chat in (olivia["event-chat"], sam["event-chat"], ada["event-chat"]):
            assert await hears_all_up_to(chat, encore) == [public["id"], encore["id"]]
        assert (await hears(olivia["chat"], "message.posted", 2))["revision"] == 2
        assert "Between us" not in str(ada["event-chat"].heard)


@pytest.mark.parametrize("of", ["the same event", "another event"])
async def test_what_is_said_in_a_backstage_is_heard_in_no_other_and_not_by_the_event(
    product: Product, scene: Scene, of: str
) -> None:
    if of == "another event":
        other = make_scene(product, f"chat-{next(numbers)}")
    else:
        stage, token = product.django(second_backstage, scene.slug)
        other = replace(scene, stage_id=stage, token=token)
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat")
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        rosa = await come_in(doors, product, other, "rosa", "backstage", "chat")
        await say(sam["chat"], "Between us")
        gone = await say(sam["chat"], "Not even that")
        await sam["chat"].ok("message.delete", message=gone["id"])
        await hears(olivia["chat"], "message.deleted")
        theirs, public = await say(rosa["chat"], "Theirs"), await say(ada["event-chat"], "To all")
        for chat, own in (
            (rosa["chat"], theirs),
            (ada["event-chat"], public),
            (olivia["event-chat"], public),
        ):
            assert await hears_all_up_to(chat, own) == [own["id"]]
            # Nor that anything was, nor who they are.
            assert [each["type"] for each in chat.heard if each["type"] != "chat.at"] == [
                "chat.snapshot",
                "message.posted",
            ]
            assert posted(chat)[0]["revision"] == 1
            assert "Sam Barnes" not in str(chat.heard)
            assert await history(chat) == await older(chat) == [own["text"]]


async def test_many_at_once_are_heard_by_everybody_in_one_order(product: Product, scene: Scene) -> None:
    """Stored together, each with its number and its revision, for those backstage and for the audience."""
    async with AsyncExitStack() as doors:
        people = [
            await come_in(doors, product, scene, "sam", "backstage", "event-chat"),
            *[await come_in(doors, product, scene, who, "event-chat") for who in ("olivia", "ada", "tom")],
        ]
        chats = [person["event-chat"] for person in people]
        # All before the first answer; of each the sixth is one too many.
        replies = await asyncio.gather(
            *[
                chat.command("message.send", client_id=str(uuid4()), text=f"{step}")
                for step in range(6)
                for chat in chats
            ]
        )
        assert [reply["code"] for reply in replies if reply["type"] == "error"] == ["message.too_fast"] * 4
        answered = {reply["body"]["message"]["number"]: reply for reply in replies if reply["type"] == "ok"}
        assert sorted(answered) == list(range(1, 21))
        for chat in chats:
            await hears(chat, "message.posted", 20)
            heard = [
                (notice["revision"], notice["body"]["message"]) for notice in told(chat, "message.posted")
            ]
            assert [revision for revision, _ in heard] == list(range(1, 21))
            assert [message["number"] for _, message in heard] == list(range(1, 21))
            assert all(message == answered[message["number"]]["body"]["message"] for _, message in heard)
            by_author: dict[int, list[str]] = {}
            for _, message in heard:
                by_author.setdefault(message["author"]["person"], []).append(message["text"])
            assert list(by_author.values()) == [["0", "1", "2", "3", "4"]] * 4


async def test_deletion_reaches_every_screen_and_the_history(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        await say(ada["event-chat"], "Kind")
        message = await say(ada["event-chat"], "Rude")
        assert await sam["event-chat"].refused("message.delete", message=message["id"]) == "message.not_yours"
        await olivia["event-chat"].ok("message.delete", message=message["id"])
        for who in (olivia, sam, ada):
            notice = await hears(who["event-chat"], "message.deleted")
            gone = {"message": message["id"], "number": 2, "author": message["author"]["person"]}
            assert (notice["revision"], notice["body"]) == (3, gone)
            assert await history(who["event-chat"]) == await older(who["event-chat"]) == ["Kind"]
            caught_up = await who["event-chat"].ok("chat.catch_up", revision=2, after=1)
            assert (caught_up["messages"], caught_up["deleted"]) == ([], [message["id"]])
        await say(sam["chat"], "Kind")
        mine = await say(sam["chat"], "Oops")
        await sam["chat"].ok("message.delete", message=mine["id"])
        for who in (olivia, sam):
            assert (await hears(who["chat"], "message.deleted"))["body"]["message"] == mine["id"]
            assert await history(who["chat"]) == await older(who["chat"]) == ["Kind"]


async def test_a_mute_reaches_the_person_and_the_organizers(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        omar = await come_in(doors, product, scene, "omar", "event-chat")
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        person, name = (await say(sam["chat"]))["author"]["person"], "Sam Barnes"
        assert await ada["event-chat"].refused("chat.mute", person=person, muted=True) == "forbidden"
        await olivia["chat"].ok("chat.mute", person=person, muted=True)
        for chat in (*olivia.values(), *omar.values(), *sam.values()):
            if chat not in (olivia["backstage"], sam["backstage"]):
                told_of = {"person": person, "name": name, "muted": True}
                assert (await hears(chat, "chat.muted"))["body"] == told_of
        for chat in (sam["chat"], sam["event-chat"]):
            reply = await chat.command("message.send", client_id=str(uuid4()), text="But")
            assert (reply["code"], reply["text"]) == (
                "chat.muted",
                "You have been muted by the organizer",
            )
        await say(ada["event-chat"])
        await hears(sam["event-chat"], "message.posted")
        await olivia["chat"].ok("chat.mute", person=person, muted=False)
        assert (await hears(sam["chat"], "chat.muted", 2))["body"]["muted"] is False
        await say(sam["event-chat"])
        assert told(ada["event-chat"], "chat.muted") == []


def now() -> str:
    return datetime.now(UTC).isoformat()


async def test_only_people_backstage_are_told_what_the_audience_saw(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        omar = await come_in(doors, product, scene, "omar", "event-chat")
        sam = await come_in(doors, product, scene, "sam", "backstage", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        product.django(on_air, scene.stage_id)
        mine = await say(ada["event-chat"], "Bravo", stage=scene.stage_id, written_at=now())
        assert mine["seen_at"] is None
        for who in (sam, omar):
            message = (await hears(who["event-chat"], "message.posted"))["body"]["message"]
            assert message["seen_at"] is not None
            assert message["seen_at"] < message["at"]
        assert (await hears(ada["event-chat"], "message.posted"))["body"]["message"]["seen_at"] is None
        # Who leaves the Backstage is told no more, on the same connection.
        await sam["backstage"].ok("backstage.leave")
        await hears(sam["event-chat"], "chat.at")
        await say(ada["event-chat"], "Encore", stage=scene.stage_id, written_at=now())
        message = (await hears(sam["event-chat"], "message.posted", 2))["body"]["message"]
        assert (message["text"], message["seen_at"]) == ("Encore", None)
        for answer in (
            await sam["event-chat"].ok("messages.older", before=3),
            await sam["event-chat"].ok("chat.catch_up", revision=0, after=0),
        ):
            assert [message["seen_at"] for message in answer["messages"]] == [None, None]
        assert (await hears(omar["event-chat"], "message.posted", 2))["body"]["message"]["seen_at"]
        # What went to those backstage has come by now: here it has not. Nor does a snapshot have it.
        await sam["event-chat"].ok("snapshot.get")
        snapshots = [each["body"]["messages"] for each in told(sam["event-chat"], "chat.snapshot")]
        assert [message["seen_at"] for message in snapshots[-1]] == [None, None]
        assert [each["body"]["message"]["text"] for each in told(sam["event-chat"], "message.posted")] == [
            "Bravo",
            "Encore",
        ]


def demote(slug: str, who: str) -> None:
    from events import services
    from events.models import Membership, User

    user = User.objects.get(email=f"{who}@{slug}.example")
    Membership.objects.filter(user=user).delete()
    services.ask_again(user)


async def test_who_is_no_organizer_any_more_moderates_no_more(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "event-chat")
        omar = await come_in(doors, product, scene, "omar", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        message = await say(ada["event-chat"])
        omar["event-chat"].heard.clear()
        product.django(demote, scene.slug, "omar")
        snapshot = await omar["event-chat"].notice("chat.snapshot")
        assert snapshot["me"]["moderates"] is False
        person = message["author"]["person"]
        assert await omar["event-chat"].refused("chat.mute", person=person, muted=True) == "forbidden"
        assert (
            await omar["event-chat"].refused("message.delete", message=message["id"]) == "message.not_yours"
        )
        await olivia["event-chat"].ok("chat.mute", person=person, muted=True)
        await hears(ada["event-chat"], "chat.muted")
        await omar["event-chat"].ok("snapshot.get")
        assert told(omar["event-chat"], "chat.muted") == []


def archive(slug: str) -> None:
    """By a way that tells nobody."""
    from django.utils import timezone

    from events.models import Event

    Event.objects.filter(slug=slug).update(archived_at=timezone.now())


async def test_who_may_not_read_any_more_is_read_nothing_by_an_open_connection(
    product: Product, scene: Scene
) -> None:
    reads: list[tuple[str, dict[str, Any]]] = [
        ("snapshot.get", {}),
        ("messages.older", {"before": 100}),
        ("chat.catch_up", {"revision": 0, "after": 0}),
        ("people.find", {"beginning": "S"}),
    ]
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        chats = {"event.unknown": [sam["event-chat"], ada["event-chat"]], "link.dead": [sam["chat"]]}
        await say(sam["event-chat"], "Secret")
        await say(sam["chat"], "Secret")
        await hears(ada["event-chat"], "message.posted")
        for wire_type, body in reads:
            await ada["event-chat"].ok(wire_type, **body)
        product.django(archive, scene.slug)
        for code, closed in chats.items():
            for chat in closed:
                for wire_type, body in reads:
                    assert (wire_type, await chat.refused(wire_type, **body)) == (wire_type, code)


def leave(slug: str) -> None:
    from backstage import services
    from backstage.models import Participant

    services.leave(participant_id=Participant.objects.get(user__email=f"sam@{slug}.example").pk)


def end_then_say(slug: str, end: Callable[[str], None]) -> None:
    """At once, while whoever is concerned is still asked whether they may stay."""
    from chat import services
    from chat.models import Room
    from events.models import User

    end(slug)
    olivia = User.objects.get(email=f"olivia@{slug}.example")
    for room in Room.objects.filter(event__slug=slug):
        services.send(room=room, post=services.Post(actor=olivia, client_id=uuid4(), text="Secret"))


@pytest.mark.parametrize(
    ("end", "closed"),
    [(block, ["chat", "event-chat"]), (give_registration_back, ["chat", "event-chat"]), (leave, ["chat"])],
    ids=["blocked", "unregistered", "left"],
)
async def test_who_may_not_read_any_more_hears_nothing_that_is_sent_from_then_on(
    product: Product, scene: Scene, end: Callable[[str], None], closed: list[str]
) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        sam = await come_in(doors, product, scene, "sam", "backstage", "chat", "event-chat")
        product.django(end_then_say, scene.slug, end)
        for chat in closed:
            await hears(olivia[chat], "message.posted")
            assert await sam[chat].ended() == 4403
            assert posted(sam[chat]) == []
            assert "Secret" not in str(sam[chat].heard)


async def test_what_is_read_on_one_page_is_read_on_the_others(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "event-chat")
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        other = await come_in(doors, product, scene, "ada", "event-chat")
        for _ in range(3):
            await say(sam["event-chat"])
        await ada["event-chat"].ok("chat.read_up_to", number=1)
        assert (await hears(other["event-chat"], "chat.read"))["body"] == {"read_up_to": 1}
        assert told(sam["event-chat"], "chat.read") == []
        # Soon after: stored when the page goes.
        await ada["event-chat"].ok("chat.read_up_to", number=2)
        await ada["event-chat"].close()
        assert (await hears(other["event-chat"], "chat.read", 2))["body"] == {"read_up_to": 2}
        other["event-chat"].heard.clear()
        await other["event-chat"].ok("snapshot.get")
        snapshot = await other["event-chat"].notice("chat.snapshot")
        assert (snapshot["read_up_to"], snapshot["unread"]) == (2, 1)


async def test_the_last_notice_of_a_quiet_room_is_missed_by_nobody_for_long(
    product: Product, scene: Scene
) -> None:
    """Whoever is asked whether they may stay is told how far the room is."""
    async with AsyncExitStack() as doors:
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        await say(ada["event-chat"])
        product.django(ask_again, scene.slug, "ada")
        assert (await hears(ada["event-chat"], "chat.at"))["body"] == {"as_of": 1}


def ask_again(slug: str, who: str) -> None:
    from events import services
    from events.models import User

    services.ask_again(User.objects.get(email=f"{who}@{slug}.example"))


async def test_an_unknown_event_says_nothing(product: Product, scene: Scene) -> None:
    for slug in ("no-such-event", "draft"):
        path = sockets(scene)["event-chat"].replace(scene.slug, slug)
        async with line(product, path, scene.sessions["sam"]) as refused:
            assert await refused.ended() == 4403
            assert [message["code"] for message in refused.heard] == ["event.unknown"]


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("message.send", {"client_id": "x", "text": "Hello"}),
        ("message.send", {"client_id": str(uuid4())}),
        ("message.send", {"client_id": str(uuid4()), "text": "x" * 2001}),
        ("message.send", {"client_id": str(uuid4()), "text": "Hello", "author": 1}),
        ("message.send", {"client_id": str(uuid4()), "text": "Hello", "written_at": "2026-11-26T14:03:12"}),
        ("message.send", {"client_id": str(uuid4()), "text": "Hello", "mentions": list(range(21))}),
        ("messages.older", {"before": 0}),
        ("chat.catch_up", {"revision": -1, "after": 0}),
        ("people.find", {"beginning": "x" * 41}),
        ("message.delete", {"message": "1"}),
    ],
)
async def test_what_no_page_would_send_is_refused(
    product: Product, scene: Scene, command: str, body: dict[str, Any]
) -> None:
    async with AsyncExitStack() as doors:
        ada = await come_in(doors, product, scene, "ada", "event-chat")
        assert await ada["event-chat"].refused(command, **body) == "not_understood"
