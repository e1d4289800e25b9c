"""A lost line of 59 and of 61 seconds: what becomes of tile, role, mute and request, of five kinds of people."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line
from tests.integration.backstage.test_entrances import come_in
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
WHO = {"on screen": "sam", "asking": "rosa", "muted": "ken", "organizer": "olivia", "watching": "mia"}


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"lost-{next(numbers)}")


def lost_for(slug: str, who: str, seconds: float) -> None:
    """The line of a person was lost so long ago."""
    from datetime import timedelta

    from django.utils import timezone

    from backstage.models import Participant

    Participant.objects.filter(
        user__email=f"{who}@{slug}.example", backstage_session__stage__event__slug=slug
    ).update(away_since=timezone.now() - timedelta(seconds=seconds))


def is_away(slug: str, who: str) -> bool:
    from backstage.models import Participant

    return (
        Participant.objects.filter(
            user__email=f"{who}@{slug}.example", backstage_session__stage__event__slug=slug
        )
        .exclude(away_since=None, left_at=None)
        .exists()
    )


@dataclass
class Room:
    """Omar keeps an eye on it; Sam and Ken are on screen, Ken is muted, Rosa asks, Olivia is on screen, Mia watches."""

    doors: AsyncExitStack
    product: Product
    scene: Scene
    omar: dict[str, Line]
    people: dict[str, dict[str, Line]]

    async def lose(self, who: str, seconds: float) -> dict[str, Line]:
        """The person's lines end; then they are back, and so long has passed."""
        for opened in self.people[who].values():
            await opened.close()
        while not self.product.django(is_away, self.scene.slug, who):
            # Asking takes its time; the row is written within a moment.
            await self.omar["backstage"].ok("snapshot.get")
        self.product.django(lost_for, self.scene.slug, who, seconds)
        return await come_in(self.doors, self.product, self.scene, who, "backstage", "moderation")


async def furnish(doors: AsyncExitStack, product: Product, scene: Scene) -> Room:
    omar = await come_in(doors, product, scene, "omar", "backstage", "moderation")
    people = {
        who: await come_in(doors, product, scene, who, "backstage", "moderation") for who in WHO.values()
    }
    await people["olivia"]["backstage"].ok("place.take")
    for who in ("sam", "ken", "rosa"):
        await people[who]["moderation"].ok("request.ask", microphone=True, camera=True)
        if who != "rosa":
            request = (await people[who]["moderation"].notice("request.changed"))["mine"]["request"]
            await omar["moderation"].ok("request.accept", request=request)
    ken = (await people["ken"]["backstage"].notice("backstage.snapshot"))["me"]["participant"]
    await omar["moderation"].ok("person.mute", participant=ken, muted=True)
    return Room(doors, product, scene, omar, people)


async def state_of(back: dict[str, Line]) -> dict[str, Any]:
    snapshot = await back["backstage"].notice("backstage.snapshot")
    mine = (await back["moderation"].notice("moderation.snapshot"))["mine"]
    me = snapshot["me"]
    tiles = [tile for tile in snapshot["tiles"] if tile["participant"] == me["participant"]]
    return {
        "slot": tiles[0]["slot"] if tiles else None,
        "organizer": me["organizer"],
        "may_return": me["may_return"],
        "muted": me["muted"],
        "request": (mine["state"], mine["place"]) if mine else None,
    }


async def slots_for_others(room: Room) -> dict[str, int]:
    await room.omar["backstage"].ok("snapshot.get")
    tiles = (await room.omar["backstage"].notice("backstage.snapshot"))["tiles"]
    return {tile["name"].split()[0].lower(): tile["slot"] for tile in tiles}


@pytest.mark.parametrize("kind", list(WHO))
@pytest.mark.parametrize("seconds", [59, 61])
async def test_lost_for(product: Product, scene: Scene, kind: str, seconds: int) -> None:
    async with AsyncExitStack() as doors:
        room = await furnish(doors, product, scene)
        who = WHO[kind]
        before = {"olivia": 1, "sam": 2, "ken": 3}
        assert await slots_for_others(room) == before
        state = await state_of(await room.lose(who, seconds))
        kept = seconds < 60
        assert state == {
            "slot": before.get(who) if kept else None,
            "organizer": kind == "organizer",
            # Who was on screen and not removed may return without asking, and a mute outlasts everything.
            "may_return": who in before,
            "muted": kind == "muted",
            "request": {
                "asking": ("waiting", 1) if kept else ("ended", None),
                "on screen": ("accepted", None),
                "muted": ("accepted", None),
            }.get(kind),
        }
        others = await slots_for_others(room)
        assert others == (before if kept else {name: slot for name, slot in before.items() if name != who})
        # What was kept is not ended a moment later, either.
        await room.people["sam" if who != "sam" else "ken"]["backstage"].ok("snapshot.get")
        if who in before and not kept:
            back = await come_in(doors, product, scene, who, "backstage")
            await back["backstage"].ok("place.take")
            assert (await slots_for_others(room))[who] == before[who]
