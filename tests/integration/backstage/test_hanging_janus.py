"""Janus does not answer while a show is on air: what an organizer ends is ended in the delay line all the same."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.pages import Speaker
from tests.integration.backstage.test_entrances import come_in
from tests.integration.backstage.test_publishing import ask_and_accept, room_is_ready
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = pytest.mark.janus
SOCKETS = ("backstage", "moderation", "media")
#: From the answer to an organizer's press.
AT_ONCE_S = 1.0


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, "hanging-janus", delay_s=15)


@contextmanager
def hanging(product: Product) -> Iterator[None]:
    product.freeze("janus")
    try:
        yield
    finally:
        product.thaw("janus")
        product.wait_until_healthy()


class StagehandsLog:
    """What it says from now on."""

    def __init__(self, product: Product) -> None:
        self._product, self._earlier = product, len(product.log("stagehand"))

    def has(self, text: str) -> bool:
        return text in self._product.log("stagehand")[self._earlier :]

    async def says(self, text: str, within_s: float = AT_ONCE_S) -> None:
        await eventually(lambda: self.has(text), within_s)


async def test_remove_stop_and_cut_wait_for_no_answer_of_janus(
    product: Product, scene: Scene, doors: AsyncExitStack
) -> None:
    log = StagehandsLog(product)
    olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
    await room_is_ready(olivia["backstage"])
    sam = await come_in(doors, product, scene, "sam", *SOCKETS)
    assert await ask_and_accept(olivia, sam) == "ok"
    speaker = Speaker()
    doors.push_async_callback(speaker.close)
    await speaker.publish(sam["media"])
    await olivia["backstage"].ok("broadcast.start")
    await log.says("PutLayout(", within_s=10)

    with hanging(product):
        # A question every second, and five seconds of patience: by now one waits for its answer.
        await asyncio.sleep(1.5)
        participant = (await sam["backstage"].notice("backstage.snapshot"))["me"]["participant"]
        await olivia["moderation"].ok("screen.remove", participant=participant, screen=False)
        await log.says("Accept(slot=1, feed=None)")
        await olivia["backstage"].ok("broadcast.stop")
        await log.says("Finish(")
        await olivia["backstage"].ok("broadcast.cut")
        await log.says("line_cut")
        assert not log.has("janus_unseen"), "the question has been waiting all the time"
