"""The uplink check of a person who waits: a room of its own, for a few seconds, now and then, seen by nobody."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count

import pytest

from janus.jsep import Jsep
from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line
from tests.integration.backstage.pages import Onlooker, Speaker, take_candidates
from tests.integration.backstage.test_entrances import come_in
from tests.integration.backstage.test_publishing import an_offer, room_is_ready
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = [pytest.mark.janus, pytest.mark.timeout(480)]
numbers = count(1)
SOCKETS = ("backstage", "moderation", "media")
#: The server ends a check after ten seconds.
ENDED_WITHIN_S = 12.0


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"preflight-{next(numbers)}")


async def check_uplink(doors: AsyncExitStack, media: Line) -> Speaker:
    speaker = Speaker()
    doors.push_async_callback(speaker.close)
    offer = await speaker.offer()
    earlier = len(media.heard)
    reply = await media.ok("preflight.start", sdp=offer.sdp)
    await speaker.accept(Jsep("answer", reply["answer"]))
    await take_candidates(media, earlier, "preflight.candidate", speaker.inbox)
    await eventually(lambda: speaker.pc.connectionState == "connected", 10)
    return speaker


async def test_only_who_waits_is_checked_and_not_all_the_time(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    offer = await an_offer(doors, "audio", "video")
    assert await sam["media"].refused("preflight.start", sdp=offer) == "preflight.not_now"
    await sam["moderation"].ok("request.ask", microphone=True, camera=True)
    await check_uplink(doors, sam["media"])
    await sam["media"].ok("preflight.stop")
    assert await sam["media"].refused("preflight.start", sdp=offer) == "preflight.not_now"
    again = await come_in(doors, product, scene, "sam", "media")
    assert await again["media"].refused("preflight.start", sdp=offer) == "preflight.not_now"


async def test_a_check_is_seen_by_nobody_takes_no_place_and_ends(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    onlooker = Onlooker()
    doors.push_async_callback(onlooker.close)
    await onlooker.watch(olivia["media"], "watch")
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    await sam["moderation"].ok("request.ask", microphone=True, camera=True)
    checked = await check_uplink(doors, sam["media"])
    await olivia["backstage"].ok("snapshot.get")
    assert (await olivia["backstage"].notice("backstage.snapshot"))["tiles"] == []
    # Longer than a stray feed of the Backstage's own room would be left alone, and by the server's own clock.
    await asyncio.sleep(5)
    assert checked.pc.connectionState == "connected"
    assert not any(brightness > 100 for brightness in onlooker.brightness.values())
    await eventually(lambda: checked.pc.connectionState == "closed", ENDED_WITHIN_S)


async def test_whoever_is_accepted_in_the_middle_of_it_is_seen(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    await sam["moderation"].ok("request.ask", microphone=True, camera=True)
    await check_uplink(doors, sam["media"])
    mine = (await sam["moderation"].notice("request.changed"))["mine"]
    await olivia["moderation"].ok("request.accept", request=mine["request"])
    speaker = Speaker()
    doors.push_async_callback(speaker.close)
    await speaker.publish(sam["media"])
    onlooker = Onlooker()
    doors.push_async_callback(onlooker.close)
    await onlooker.watch(olivia["media"], "watch")
    await onlooker.sees("1", 128)
    offer = await an_offer(doors, "audio", "video")
    assert await sam["media"].refused("preflight.start", sdp=offer) == "preflight.not_now"
