"""One chat in two web processes, of which one dies, or the Redis between them: each page has what the database has."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from uuid import uuid4

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.chat.reader import WITHIN_S, Reader, line_of, reader
from tests.servers.webs import Webs

pytestmark = [pytest.mark.database, pytest.mark.timeout(240)]
numbers = count(1)


@pytest.fixture
def scene(webs: Webs) -> Scene:
    return make_scene(webs, f"processes-{next(numbers)}")


def stored(slug: str) -> list[str]:
    from chat.models import Message

    found = Message.objects.filter(room__event__slug=slug, deleted_at__isnull=True)
    return list(found.order_by("number").values_list("text", flat=True))


async def test_what_two_processes_tell_at_once_is_everywhere_once_and_in_order(
    webs: Webs, scene: Scene
) -> None:
    """With deletions in between. Of several processes a notice may overtake one of an earlier revision on its way to
    Redis; from there on everybody in a group hears the same order, in which each process keeps its own.
    """
    everybody = ["olivia", "omar", "sam", "rosa", "ken", "mia", "tom", "ada"]
    each_says = 4
    #: Each takes back every other.
    happens = (each_says + each_says // 2) * len(everybody)
    async with AsyncExitStack() as doors:
        pages = {
            who: await doors.enter_async_context(reader(webs, scene, who, place % 2))
            for place, who in enumerate(everybody)
        }

        async def talk(who: str) -> None:
            for number in range(each_says):
                message = await pages[who].say(f"{who} {number}")
                if number % 2:
                    await pages[who].chat.ok("message.delete", message=message["id"])

        await asyncio.gather(*map(talk, everybody))
        texts = webs.django(stored, scene.slug)
        assert len(texts) == each_says // 2 * len(everybody)
        for who, page in pages.items():
            await page.until(lambda page=page: len(changes(page)) >= happens)
            # Once each; a page puts those in order that have overtaken one another on their way.
            assert sorted(revision for revision, _ in changes(page)) == list(range(1, happens + 1)), who
            assert page.texts == texts
            assert [text for text in texts if text.startswith(who)] == [
                f"{who} {number}" for number in range(0, each_says, 2)
            ]
        for moderates in (True, False):
            group = [page for page in pages.values() if page.me["moderates"] == moderates]
            for page in group:
                assert changes(page) == changes(group[0])
            for process in (0, 1):
                people = {pages[who].me["person"] for who in everybody[process::2]}
                own = [revision for revision, person in changes(group[0]) if person in people]
                assert own == sorted(own)


def changes(page: Reader) -> list[tuple[int, int]]:
    """The revision of whatever came and went, as it was heard, and whose message it was."""
    authors = {
        "message.posted": lambda body: body["message"]["author"]["person"],
        "message.deleted": lambda body: body["author"],
    }
    heard = [notice for notice in page.chat.heard if notice["type"] in authors]
    return [(notice["revision"], authors[notice["type"]](notice["body"])) for notice in heard]


async def test_a_process_that_is_killed_costs_nobody_a_message(webs: Webs, scene: Scene) -> None:
    """Nor makes two of one. What it has stored is sent again to the other process by those who wrote it, and they ask
    for what was said meanwhile; those who were in the other miss nothing.
    """
    messages = {who: {"client_id": str(uuid4()), "text": f"{who}, stored by it"} for who in ("ken", "mia")}
    async with AsyncExitStack() as doors:
        stays, comes_back = [
            {who: await doors.enter_async_context(reader(webs, scene, who, process)) for who in people}
            for process, people in enumerate((["sam", "rosa", "ada"], ["ken", "mia", "tom"]))
        ]
        await stays["sam"].say("before")
        for page in comes_back.values():
            await page.shows(["before"])
        # Whether it is answered, is left open.
        sending = [
            asyncio.create_task(comes_back[who].chat.command("message.send", **message))
            for who, message in messages.items()
        ]
        await stays["sam"].until(lambda: len(stays["sam"].shown) == 1 + len(messages))
        webs.kill(1)
        try:
            await stays["rosa"].say("said meanwhile")
            for who, page in comes_back.items():
                await page.chat.ended()
                await page.go_on_over(await doors.enter_async_context(line_of(webs, scene, who, 0)))
            for each in sending:
                each.cancel()
            for who, message in messages.items():
                again = await comes_back[who].chat.ok("message.send", **message)
                assert stays["sam"].shown[again["message"]["number"]] == message["text"]
            texts = webs.django(stored, scene.slug)
            assert sorted(texts) == sorted(
                ["before", *(message["text"] for message in messages.values()), "said meanwhile"]
            )
            for page in [*stays.values(), *comes_back.values()]:
                await page.shows(texts)
            for page in stays.values():
                await page.until(lambda page=page: len(page.revisions) >= len(texts))
                assert sorted(page.revisions) == list(range(1, len(texts) + 1))
                assert page.chat.socket.close_code is None
        finally:
            webs.start(1)
    # The process that was started anew is one of them again.
    async with reader(webs, scene, "omar", 1) as omar, reader(webs, scene, "sam") as sam:
        await omar.say("together again")
        for page in (omar, sam):
            await page.shows([*texts, "together again"])


async def test_a_redis_that_dies_costs_nobody_a_message_nor_a_mute(webs: Webs, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        pages = {
            who: await doors.enter_async_context(reader(webs, scene, who, place % 2))
            for place, who in enumerate(["sam", "ada", "olivia", "omar", "tom"])
        }
        await pages["sam"].say("before")
        for page in pages.values():
            await page.shows(["before"])
        webs.redis.crash()
        try:
            # Stored and answered, though nobody can be told; by both processes.
            await pages["sam"].say("while it is away")
            await pages["ada"].say("in the other process, too")
            tom = (await pages["tom"].say("by somebody who is muted then"))["author"]["person"]
            await pages["olivia"].chat.ok("chat.mute", person=tom, muted=True)
        finally:
            webs.redis.start()
        texts = webs.django(stored, scene.slug)
        assert len(texts) == 4
        for page in pages.values():
            await page.shows(texts)
        # Whoever moderates elsewhere knows it, and whoever it is about.
        for who in ("omar", "olivia"):
            await pages[who].until(lambda who=who: pages[who].muted == ["Tom Hale"])
        await pages["tom"].until(lambda: pages["tom"].me["muted"])
        # From then on everybody is told again, once the processes have found Redis.
        async with asyncio.timeout(WITHIN_S):
            while "again" not in [text for page in pages.values() for text in told(page)]:
                await pages["sam"].say("again")
                # As often as one person may.
                await asyncio.sleep(1.1)
        for page in pages.values():
            await page.shows(webs.django(stored, scene.slug))


def told(page: Reader) -> list[str]:
    return [each["body"]["message"]["text"] for each in page.chat.heard if each["type"] == "message.posted"]


def change(slug: str, what: str) -> None:
    """`what`: of events.services, done by an organizer."""
    from events import services
    from events.models import Event, User

    actor = User.objects.get(email=f"olivia@{slug}.example")
    getattr(services, what)(actor=actor, event=Event.objects.get(slug=slug))


async def test_the_chat_of_a_draft_opens_before_its_organizers_when_it_is_published(
    webs: Webs, scene: Scene
) -> None:
    async with AsyncExitStack() as doors:
        olivia = await doors.enter_async_context(reader(webs, scene, "olivia"))
        tom = await doors.enter_async_context(reader(webs, scene, "tom", 1))
        await tom.say("before")
        await olivia.shows(["before"])
        webs.django(change, scene.slug, "unpublish_event")
        await olivia.hears("chat.closed")
        assert await tom.chat.ended() == 4403
        late = await doors.enter_async_context(reader(webs, scene, "omar", 1))
        assert [each["type"] for each in late.chat.heard] == ["chat.closed"]
        for page in (olivia, late):
            for wire_type, body in (
                ("snapshot.get", {}),
                ("message.send", {"client_id": str(uuid4()), "text": "Too early"}),
                ("messages.older", {"before": 9}),
                ("chat.mute", {"person": 1, "muted": False}),
            ):
                assert await page.chat.refused(wire_type, **body) == "chat.closed"
        webs.django(leak, scene.slug)
        webs.django(change, scene.slug, "publish_event")
        for page in (olivia, late):
            await page.hears("chat.snapshot")
            assert "leaked" not in str(page.chat.heard)
        again = await doors.enter_async_context(reader(webs, scene, "tom", 1))
        await again.say("after")
        for page in (olivia, late):
            await page.shows(["before", "after"])


def leak(slug: str) -> None:
    """Tells the room something while nobody is in it."""
    from chat.messages import MessageDeleted
    from chat.models import Room
    from hopin_backstage.realtime import groups, publish

    for room in Room.objects.filter(event__slug=slug):
        for group in (groups.chat, groups.chat_from_backstage, groups.chat_moderation):
            publish(group(room.pk), MessageDeleted(message="leaked", number=1, author=None))


def demote(slug: str, who: str) -> None:
    from events.models import Membership, User
    from events.services.access import ask_again

    user = User.objects.get(email=f"{who}@{slug}.example")
    Membership.objects.filter(user=user).delete()
    ask_again(user)


async def test_who_waits_and_is_no_organizer_any_more_is_put_out(webs: Webs, scene: Scene) -> None:
    webs.django(change, scene.slug, "unpublish_event")
    async with reader(webs, scene, "omar") as omar:
        webs.django(demote, scene.slug, "omar")
        assert await omar.chat.ended() == 4403
        assert [each.get("code") for each in omar.chat.heard] == [None, "event.unknown"]
