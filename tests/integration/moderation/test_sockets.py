"""Moderation over real sockets: a block ends them all, and who is organizer no longer hears the queue no longer."""

from contextlib import AsyncExitStack
from itertools import count

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.test_entrances import come_in
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"moderation-{next(numbers)}")


def demote(slug: str, who: str) -> None:
    from events import services
    from events.models import Membership, User

    user = User.objects.get(email=f"{who}@{slug}.example")
    Membership.objects.filter(user=user).delete()
    services.ask_again(user)


async def test_a_block_from_the_panel_ends_every_line(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "moderation")
        sam = await come_in(doors, product, scene, "sam", "backstage", "moderation", "media", "stage")
        await sam["moderation"].ok("request.ask", microphone=True, camera=True)
        [waiting] = (await olivia["moderation"].notice("requests.changed"))["requests"]
        await olivia["moderation"].ok("person.block", participant=waiting["participant"])
        for line in sam.values():
            assert await line.ended() == 4403
        await olivia["moderation"].ok("snapshot.get")
        assert (await olivia["moderation"].notice("moderation.snapshot"))["requests"] == []
        assert (
            await olivia["moderation"].refused("request.accept", request=waiting["request"]) == "request.gone"
        )


async def test_who_is_no_organizer_any_more_hears_nothing_of_the_queue(
    product: Product, scene: Scene
) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "moderation")
        omar = await come_in(doors, product, scene, "omar", "backstage", "moderation")
        sam = await come_in(doors, product, scene, "sam", "backstage", "moderation")
        rosa = await come_in(doors, product, scene, "rosa", "backstage", "moderation")
        await sam["moderation"].ok("request.ask", microphone=True, camera=True)
        [waiting] = (await omar["moderation"].notice("requests.changed"))["requests"]
        omar["moderation"].heard.clear()
        product.django(demote, scene.slug, "omar")
        assert (await omar["moderation"].notice("moderation.snapshot"))["requests"] == []
        omar["moderation"].heard.clear()
        olivia["moderation"].heard.clear()
        await rosa["moderation"].ok("request.ask", microphone=True, camera=True)
        await olivia["moderation"].notice("requests.changed")
        assert await omar["moderation"].refused("request.accept", request=waiting["request"]) == "forbidden"
        assert [message["type"] for message in omar["moderation"].heard] == []


async def test_what_no_page_would_send_is_refused(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "backstage", "moderation")
        found = {"microphone": True, "camera": True}
        seen = {**found, "level": True, "uplink": "good", "path": "direct", "browser": "Firefox 140"}
        for wrong in (
            {"browser": "x" * 41},
            {"uplink": "splendid"},
            {"path": "by pigeon"},
            {"level": "yes"},
            {"more": 1},
        ):
            assert (
                await sam["moderation"].refused("request.preflight", **{**seen, **wrong}) == "not_understood"
            )
        request = "00000000-0000-0000-0000-000000000000"
        assert (
            await sam["moderation"].refused("request.decline", request=request, word="x" * 201)
            == "not_understood"
        )
        assert await sam["moderation"].refused("request.accept", request="1; DROP TABLE") == "not_understood"
        assert await sam["moderation"].refused("request.accept", request=request) == "forbidden"
        await sam["moderation"].ok("request.preflight", **seen)
