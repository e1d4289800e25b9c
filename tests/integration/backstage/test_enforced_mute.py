"""Whoever is muted by an organizer is not heard, backstage or on the Stage, by a browser that ignores every message.

Measured on decoded sound, with a peer that sends a tone all the time.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import count

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line
from tests.integration.backstage.pages import SILENT, Onlooker, Speaker
from tests.integration.backstage.test_entrances import come_in
from tests.integration.backstage.test_publishing import ask_and_accept, room_is_ready
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = [pytest.mark.janus, pytest.mark.timeout(480)]
numbers = count(1)
SOCKETS = ("backstage", "moderation", "media")
DELAY_S = 10
#: Seconds from the organizer's press to the last sound backstage; jitter buffers among them.
SILENT_WITHIN_S = 1.0


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"mute-{next(numbers)}", delay_s=DELAY_S)


async def mute(organizer: dict[str, Line], who: str, *, muted: bool) -> None:
    await organizer["moderation"].ok("person.mute", participant=who, muted=muted)


async def me(line: dict[str, Line]) -> str:
    """The participant's id."""
    return (await line["backstage"].notice("backstage.snapshot"))["me"]["participant"]


async def come_on_screen(
    doors: AsyncExitStack, product: Product, scene: Scene, *, muted: bool = False
) -> tuple[dict[str, Line], dict[str, Line], Onlooker]:
    """Olivia watches, Sam is accepted."""
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    if muted:
        await mute(olivia, await me(sam), muted=True)
    assert await ask_and_accept(olivia, sam) == "ok"
    onlooker = Onlooker()
    doors.push_async_callback(onlooker.close)
    await onlooker.watch(olivia["media"], "watch")
    return olivia, sam, onlooker


async def speak(doors: AsyncExitStack, line: Line, kind: str = "camera", brightness: int = 128) -> Speaker:
    speaker = Speaker(brightness)
    doors.push_async_callback(speaker.close)
    await speaker.publish(line, kind)
    return speaker


async def test_a_muted_person_is_not_heard_backstage_nor_on_the_stage(
    product: Product,
    scene: Scene,
    doors: AsyncExitStack,
    record_property: Callable[[str, object], None],
) -> None:
    olivia, sam, backstage = await come_on_screen(doors, product, scene)
    await speak(doors, sam["media"])
    await backstage.hears("0")
    ada = await come_in(doors, product, scene, "ada", "stage")
    await olivia["backstage"].ok("broadcast.start")
    await ada["stage"].notice("media.ready")
    stage = Onlooker()
    doors.push_async_callback(stage.close)
    await stage.watch(ada["stage"], "viewer")
    await stage.hears("a1", within_s=DELAY_S + 8)

    pressed = time.monotonic()
    await mute(olivia, await me(sam), muted=True)
    await asyncio.sleep(SILENT_WITHIN_S)
    assert await backstage.loudest("0", 3) < SILENT
    record_property("backstage_silent_after_ms", round(1000 * (backstage.last_loud("0") - pressed)))
    # The picture goes on, and what was said before still comes out of the delay.
    assert await backstage.sees("1", 128) < 2
    assert pressed + DELAY_S > time.monotonic() + 2
    await stage.hears("a1", within_s=2)
    await asyncio.sleep(pressed + DELAY_S + SILENT_WITHIN_S - time.monotonic())
    assert await stage.loudest("a1", 4) < SILENT
    record_property("stage_silent_after_ms", round(1000 * (stage.last_loud("a1") - pressed)))

    print(
        f"last sound {backstage.last_loud('0') - pressed:.2f} s after, Stage {stage.last_loud('a1') - pressed:.2f} s"
    )

    lifted = time.monotonic()
    await mute(olivia, await me(sam), muted=False)
    await sam["backstage"].ok("place.devices", microphone=True, camera=True)
    await backstage.hears("0")
    record_property("backstage_heard_after_ms", round(1000 * (time.monotonic() - lifted)))
    await stage.hears("a1", within_s=DELAY_S + 8)


async def test_whoever_was_muted_before_coming_on_screen_says_not_one_word(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    olivia, sam, backstage = await come_on_screen(doors, product, scene, muted=True)
    speaker = await speak(doors, sam["media"])
    await backstage.sees("1", 128)
    assert await backstage.loudest("0", 3) < SILENT
    assert backstage.last_loud("0") == 0.0

    # And again with a new connection of theirs; who watches comes after it, for this peer does not renegotiate.
    await speaker.close()
    await speak(doors, sam["media"])
    later = Onlooker()
    doors.push_async_callback(later.close)
    await later.watch(olivia["media"], "watch")
    await later.sees("1", 128)
    assert await later.loudest("0", 3) < SILENT


async def test_a_muted_persons_screen_is_not_heard_either(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    olivia, sam, backstage = await come_on_screen(doors, product, scene)
    await speak(doors, sam["media"])
    await sam["backstage"].ok("screen.take", sound=True, instead=False)
    await speak(doors, sam["media"], "screen", brightness=60)
    await backstage.hears("0")
    await backstage.hears("2")
    await mute(olivia, await me(sam), muted=True)
    await asyncio.sleep(SILENT_WITHIN_S)
    quiet = await asyncio.gather(backstage.loudest("0", 3), backstage.loudest("2", 3))
    assert max(quiet) < SILENT
    assert await backstage.sees("3", 60) < 2


@pytest.mark.parametrize("part", ["stagehand", "janus"])
async def test_a_muted_person_stays_so_when_a_process_dies(
    product: Product, scene: Scene, doors: AsyncExitStack, part: str
) -> None:
    olivia, sam, backstage = await come_on_screen(doors, product, scene)
    await speak(doors, sam["media"])
    await backstage.hears("0")
    await mute(olivia, await me(sam), muted=True)
    await asyncio.sleep(SILENT_WITHIN_S)

    before = product.pid(part)
    earlier = len(sam["backstage"].heard)
    product.kill(part)
    await asyncio.to_thread(product.wait_until_replaced, part, before)
    if part == "janus":
        # Pages begin anew when media are ready; this one ignores what it is told of its microphone.
        await eventually(
            lambda: "media.ready" in {each["type"] for each in sam["backstage"].heard[earlier:]}, 20
        )
        backstage = Onlooker()
        doors.push_async_callback(backstage.close)
        await backstage.watch(olivia["media"], "watch")
        await speak(doors, sam["media"])
        await backstage.sees("1", 128)
    assert await backstage.loudest("0", 4) < SILENT
    # And the one who lifts it is obeyed by the new process.
    await mute(olivia, await me(sam), muted=False)
    await backstage.hears("0")
