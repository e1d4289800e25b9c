"""What was told to nobody is found by the next look; and what was told is not told again."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import count
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tests.browser.scene import Scene, make_scene
from tests.integration.chat.reader import Reader, reader
from tests.servers.webs import Webs

pytestmark = [pytest.mark.database, pytest.mark.timeout(120)]
numbers = count(1)


@pytest.fixture
def scene(webs: Webs) -> Scene:
    return make_scene(webs, f"missed-{next(numbers)}")


def person(slug: str, who: str) -> int:
    from events.models import User

    return int(User.objects.get(email=f"{who}@{slug}.example").pk)


def look_again(slug: str, who: str) -> None:
    from events import services
    from events.models import User

    services.ask_again(User.objects.get(email=f"{who}@{slug}.example"))


def mute_in_silence(slug: str, who: str, muted: bool) -> None:
    """As a notice that is lost."""
    from chat.models import ChatMute
    from events.models import Event, User

    event, user = Event.objects.get(slug=slug), User.objects.get(email=f"{who}@{slug}.example")
    if muted:
        ChatMute.objects.create(event=event, user=user)
    else:
        ChatMute.objects.filter(event=event, user=user).delete()


async def test_a_look_brings_what_was_missed_and_nothing_that_was_told(webs: Webs, scene: Scene) -> None:
    def run(work: Callable[..., Any], *about: Any) -> Any:
        return sync_to_async(webs.django)(work, scene.slug, *about)

    async with AsyncExitStack() as doors:
        olivia, sam = [await doors.enter_async_context(reader(webs, scene, who)) for who in ("olivia", "sam")]

        async def looked(page: Reader, who: str, wire_type: str) -> None:
            """The next look brings this, first."""
            page.heard.clear()
            await run(look_again, who)
            await page.until(lambda: bool(page.heard))
            assert page.heard == [wire_type]

        sams = await run(person, "sam")
        for muted in (True, False, True):
            await olivia.chat.ok("chat.mute", person=sams, muted=muted)
            for page, who in ((olivia, "olivia"), (sam, "sam")):
                await page.hears("chat.muted")
                await looked(page, who, "chat.at")
        # It was told that Sam is muted; that he is no more is lost.
        await run(mute_in_silence, "sam", False)
        await looked(olivia, "olivia", "chat.snapshot")
        await looked(sam, "sam", "chat.snapshot")
        assert (olivia.muted, sam.me["muted"]) == ([], False)
        # And the other way round.
        await run(mute_in_silence, "ada", True)
        await looked(olivia, "olivia", "chat.snapshot")
        assert olivia.muted == ["Ada Kovač"]
        await looked(olivia, "olivia", "chat.at")


def publish_in_silence(slug: str, status: str) -> None:
    from events.models import Event

    Event.objects.filter(slug=slug).update(status=status)


async def test_whoever_asks_at_a_draft_and_is_let_in_hears_what_comes(webs: Webs, scene: Scene) -> None:
    def become(status: str) -> Any:
        return sync_to_async(webs.django)(publish_in_silence, scene.slug, status)

    await become("draft")
    async with AsyncExitStack() as doors:
        olivia = await doors.enter_async_context(reader(webs, scene, "olivia"))
        assert olivia.heard == ["chat.closed"]
        assert await olivia.chat.refused("snapshot.get") == "chat.closed"
        await become("published")
        await olivia.chat.ok("snapshot.get")
        await olivia.hears("chat.snapshot")
        sam = await doors.enter_async_context(reader(webs, scene, "sam"))
        await sam.say("Hello")
        await olivia.shows(["Hello"])
