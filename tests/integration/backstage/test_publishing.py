"""Who may send pictures, asked straight through the sockets with real offers, past all pages."""

from contextlib import AsyncExitStack
from itertools import count

import pytest
from aiortc import RTCPeerConnection

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line
from tests.integration.backstage.test_entrances import come_in
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
SPEAKERS = ["sam", "rosa", "ken", "mia"]
SOCKETS = ("backstage", "moderation", "media")


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"publishing-{next(numbers)}")


async def an_offer(doors: AsyncExitStack, *kinds: str) -> str:
    """Of a real peer."""
    peer = RTCPeerConnection()
    doors.push_async_callback(peer.close)
    for kind in kinds:
        peer.addTransceiver(kind, direction="sendonly")
    return (await peer.createOffer()).sdp


async def ask_and_accept(organizer: dict[str, Line], speaker: dict[str, Line]) -> str:
    """`ok`, or the code of the refusal."""
    await speaker["moderation"].ok("request.ask", microphone=True, camera=True)
    mine = (await speaker["moderation"].notice("request.changed"))["mine"]
    reply = await organizer["moderation"].command("request.accept", request=mine["request"])
    return reply.get("code", "ok")


async def room_is_ready(watcher: Line) -> None:
    await watcher.notice("media.ready")


async def test_whoever_was_not_accepted_is_refused(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    offer = await an_offer(doors, "audio", "video")
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    assert await sam["media"].refused("publish.start", sdp=offer) == "publish.not_on_screen"
    await sam["moderation"].ok("request.ask", microphone=True, camera=True)
    assert await sam["media"].refused("publish.start", sdp=offer) == "publish.not_on_screen"
    assert "answer" not in str(sam["media"].heard)

    mine = (await sam["moderation"].notice("request.changed"))["mine"]
    await olivia["moderation"].ok("request.accept", request=mine["request"])
    assert (await sam["media"].ok("publish.start", sdp=offer))["answer"].startswith("v=0")

    tile = (await olivia["backstage"].notice("tiles.changed"))["tiles"][0]
    await olivia["moderation"].ok("screen.remove", participant=tile["participant"], screen=False)
    assert await sam["media"].refused("publish.start", sdp=offer) == "publish.not_on_screen"
    assert await sam["backstage"].refused("place.take") == "request.needed"


async def test_the_sixth_is_refused_by_every_way_in(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    offer = await an_offer(doors, "audio", "video")
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    await olivia["backstage"].ok("place.take")
    for who in SPEAKERS:
        speaker = await come_in(doors, product, scene, who, *SOCKETS)
        assert await ask_and_accept(olivia, speaker) == "ok"
        assert (await speaker["media"].ok("publish.start", sdp=offer))["answer"]
    tom = await come_in(doors, product, scene, "tom", *SOCKETS)
    assert await ask_and_accept(olivia, tom) == "stage.full"
    assert await tom["media"].refused("publish.start", sdp=offer) == "publish.not_on_screen"
    omar = await come_in(doors, product, scene, "omar", *SOCKETS)
    assert await omar["backstage"].refused("place.take") == "stage.full"
    assert await omar["media"].refused("publish.start", sdp=offer) == "publish.not_on_screen"


@pytest.mark.parametrize(
    "kinds", [("audio",), ("video", "audio"), ("audio", "video", "video")], ids=lambda kinds: " ".join(kinds)
)
async def test_offers_that_no_slot_can_carry_are_refused(
    product: Product, scene: Scene, doors: AsyncExitStack, kinds: tuple[str, ...]
) -> None:
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    await olivia["backstage"].ok("place.take")
    offer = await an_offer(doors, *kinds)
    assert await olivia["media"].refused("publish.start", sdp=offer) == "publish.unfit"
    assert await olivia["media"].refused("publish.start", sdp="v=0") == "publish.unfit"


async def test_leaving_gives_the_place_back_at_once(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    assert await ask_and_accept(olivia, sam) == "ok"
    await sam["backstage"].ok("backstage.leave")
    await olivia["backstage"].ok("snapshot.get")
    assert (await olivia["backstage"].notice("backstage.snapshot"))["tiles"] == []
