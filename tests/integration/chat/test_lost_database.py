"""A database that crashes while people write: what was stored is there, once, and on every page."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.chat.reader import Reader, reader
from tests.integration.chat.test_processes import stored
from tests.servers.webs import Webs

pytestmark = pytest.mark.timeout(240)

WRITERS = ["sam", "rosa", "ken", "mia"]
EACH_WRITES = 4
#: Seconds: that it is away, and between two messages and two attempts of one person, who may write five in five.
AWAY_S, PAUSE_S = 2.0, 1.1
#: So often a page tries again what was not answered.
ATTEMPTS = 20
#: Seconds: a page is told how far the room is after 36 at the latest.
TOLD_WITHIN_S = 60.0


@pytest.fixture(scope="module")
def webs() -> Iterator[Webs]:
    """Two web processes on a PostgreSQL of their own, whatever the other tests are on."""
    with Webs(2, 1, "hopin_backstage.asgi:application", postgres=True) as running:
        yield running


@pytest.fixture
def scene(webs: Webs) -> Scene:
    return make_scene(webs, "lost-database")


async def test_a_database_that_crashes_costs_nobody_a_message(webs: Webs, scene: Scene) -> None:
    """Nor one that is stored though nobody was told of it.

    A page sees the gap, lets it settle, and asks for a snapshot. Behind the last in a room there is no gap: `chat.at`,
    which comes about every half minute, says that it is there, and the page asks what came.
    """
    assert webs.postgres is not None
    refused: list[str] = []
    async with AsyncExitStack() as doors:
        pages = {
            who: await doors.enter_async_context(reader(webs, scene, who, place % 2))
            for place, who in enumerate([*WRITERS, "ada", "olivia"])
        }
        writing = asyncio.gather(*(_write(pages[who], who, refused) for who in WRITERS))
        await asyncio.sleep(PAUSE_S)
        webs.postgres.crash()
        try:
            await asyncio.sleep(AWAY_S)
        finally:
            webs.postgres.start_again()
        # That of the test itself was lost, too.
        webs.django("from django.db import connection; connection.close()")
        webs.django(store_untold, scene.slug, "untold, before others")
        await writing
        assert "failed" in refused, "nobody wrote while it was away"
        texts = webs.django(stored, scene.slug)
        assert sorted(texts) == sorted(
            [
                "untold, before others",
                *(f"{who} {number}" for who in WRITERS for number in range(EACH_WRITES)),
            ]
        )
        assert texts[-1] != "untold, before others", "nobody wrote behind it"
        for page in pages.values():
            await page.shows(texts)
        webs.django(store_untold, scene.slug, "untold, and the last")
        for who, page in pages.items():
            await page.shows([*texts, "untold, and the last"], TOLD_WITHIN_S)
            assert page.chat.socket.close_code is None, who


def store_untold(slug: str, text: str) -> None:
    """As a process does whose line to the database breaks between the commit and its answer."""
    from chat.models import Message, Room
    from chat.services.announcing import locked
    from events.models import User

    with locked(Room.objects.get(event__slug=slug).pk) as room:
        room.last_number += 1
        room.revision += 1
        room.save()
        author = User.objects.get(email=f"olivia@{slug}.example")
        Message.objects.create(room=room, number=room.last_number, author=author, text=text)


async def _write(page: Reader, who: str, refused: list[str]) -> None:
    for number in range(EACH_WRITES):
        await _send_until_stored(page, f"{who} {number}", refused)
        await asyncio.sleep(PAUSE_S)


async def _send_until_stored(page: Reader, text: str, refused: list[str]) -> None:
    """As a page does it: the same message, until it is answered."""
    client_id = str(uuid4())
    for _ in range(ATTEMPTS):
        reply = await page.chat.command("message.send", client_id=client_id, text=text)
        if reply["type"] == "ok":
            return
        refused.append(reply["code"])
        await asyncio.sleep(PAUSE_S)
    raise AssertionError(f"{text} was never stored: {refused}")
