"""The process that sends webhooks, as the runner keeps it: what people do over their sockets reaches a receiver."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line
from tests.integration.backstage.test_entrances import come_in
from tests.integration.backstage.test_publishing import ask_and_accept, room_is_ready
from tests.integration.browsers import windowless
from tests.integration.moderation.webhooks.conftest import Receiver, receiving, verified
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = [pytest.mark.janus, pytest.mark.timeout(480)]
numbers = count(1)
SOCKETS = ("backstage", "moderation")
NO_CONTENT, BROKEN, NOTHING = b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 500 Broken\r\n\r\n", None
#: Seconds: the sender looks every second.
SENT_WITHIN_S = 8.0
#: Of the first pause, which is ten seconds give or take a fifth; and of a claim that nobody is left to keep.
FIRST_PAUSE_S, CLAIM_S = 8.0, 60.0


@pytest.fixture(scope="module")
def sending() -> Iterator[Product]:
    """As on a developer's machine: webhooks may go to where the tests listen."""
    with Product(WEBHOOK_LOOPBACK="1") as running:
        yield running


@dataclass
class Told:
    """An event whose webhook leads to `receiver`; Olivia, who organizes it, and Sam are inside."""

    product: Product
    scene: Scene
    receiver: Receiver
    secret: str
    olivia: dict[str, Line]
    sam: dict[str, Line]

    def kinds(self) -> list[str]:
        return [json.loads(body)["kind"] for _headers, body in self.receiver.got]

    async def hears(self, *kinds: str, within_s: float = SENT_WITHIN_S) -> None:
        """Exactly these so far, in this order."""
        try:
            await eventually(lambda: len(self.receiver.got) >= len(kinds), within_s)
        except AssertionError:
            raise AssertionError(f"only {self.kinds()}: {self.product.log('webhooks')}") from None
        assert self.kinds() == list(kinds)

    def rows(self) -> list[tuple[str, str, int]]:
        return self.product.django(rows, self.scene.slug)

    async def are_all_delivered(self) -> None:
        """And so none of them is ever sent again."""
        await eventually(lambda: {status for _kind, status, _attempts in self.rows()} == {"delivered"}, 5)


def rows(slug: str) -> list[tuple[str, str, int]]:
    """Runs in the product's process: kind, status and attempts, in order."""
    from moderation.models import WebhookDelivery

    deliveries = WebhookDelivery.objects.filter(webhook__event__slug=slug).order_by("created_at")
    return list(deliveries.values_list("kind", "status", "attempts"))


@pytest.fixture
async def told(sending: Product) -> AsyncIterator[Told]:
    scene = make_scene(sending, f"told-{next(numbers)}")
    async with AsyncExitStack() as doors:
        receiver = await doors.enter_async_context(receiving())
        secret = await make_webhook(sending, scene, receiver.url)
        olivia = await come_in(doors, sending, scene, "olivia", *SOCKETS)
        await room_is_ready(olivia["backstage"])
        sam = await come_in(doors, sending, scene, "sam", *SOCKETS)
        yield Told(sending, scene, receiver, secret, olivia, sam)


async def make_webhook(product: Product, scene: Scene, url: str) -> str:
    """By the organizer's page; its secret, as it is shown there once."""
    page = f"/events/{scene.slug}/manage/webhooks/"
    async with windowless(product, scene.sessions["olivia"]) as olivia:
        made = await olivia.send(page, form_of=await olivia.read(page), url=url)
    shown = re.search(r'value="(whsec_[\w-]+)"', made.text)
    assert shown, made.text
    return shown[1]


async def test_a_show_is_told_in_its_order_signed_and_once(told: Told) -> None:
    assert await ask_and_accept(told.olivia, told.sam) == "ok"
    for deed in ("broadcast.start", "broadcast.stop", "broadcast.start", "broadcast.cut"):
        await told.olivia["backstage"].ok(deed)
    await told.hears(
        "request.asked",
        "request.accepted",
        "broadcast.started",
        "broadcast.stopped",
        "broadcast.started",
        "broadcast.cut",
        within_s=6 * SENT_WITHIN_S,
    )
    await told.are_all_delivered()
    assert len(told.receiver.got) == len(told.rows()) == 6
    bodies = [json.loads(body) for _headers, body in told.receiver.got]
    assert len({body["id"] for body in bodies}) == 6
    assert [body["at"] for body in bodies] == sorted(body["at"] for body in bodies)
    assert (bodies[1]["actor"], bodies[1]["target"]) == ("Olivia Marsh", "Sam Barnes")
    for headers, body in told.receiver.got:
        assert verified(told.secret, headers["hopin-signature"], body)
        assert not verified(told.secret, headers["hopin-signature"], body + b" ")
        assert headers["hopin-delivery"] == json.loads(body)["id"]


async def test_a_receiver_that_was_broken_is_told_again(told: Told) -> None:
    told.receiver.answers = [BROKEN, NO_CONTENT]
    await told.sam["moderation"].ok("request.ask", microphone=True, camera=True)
    await told.hears("request.asked")
    failed_at = time.monotonic()
    mine = (await told.sam["moderation"].notice("request.changed"))["mine"]
    await told.olivia["moderation"].ok("request.accept", request=mine["request"])
    # What comes behind it does not wait for it.
    await told.hears("request.asked", "request.accepted")
    await told.hears("request.asked", "request.accepted", "request.asked", within_s=2 * FIRST_PAUSE_S)
    assert time.monotonic() - failed_at > FIRST_PAUSE_S - 1, "it was given time"
    await told.are_all_delivered()
    assert told.rows() == [("request.asked", "delivered", 2), ("request.accepted", "delivered", 1)]
    (first, first_body), _, (again, again_body) = told.receiver.got
    assert first_body == again_body
    assert first["hopin-delivery"] == again["hopin-delivery"]
    assert verified(told.secret, again["hopin-signature"], again_body)


async def test_a_killed_sender_is_started_again_and_sends_what_waited(told: Told) -> None:
    """It dies while a receiver holds its answer back: nobody knows what became of that one, so it is sent again."""
    told.receiver.answers = [NOTHING, NO_CONTENT]
    await told.sam["moderation"].ok("request.ask", microphone=True, camera=True)
    await told.hears("request.asked")
    before = told.product.pid("webhooks")
    told.product.freeze("webhooks")
    # Waits behind it, and nobody is there to send it.
    mine = (await told.sam["moderation"].notice("request.changed"))["mine"]
    await told.olivia["moderation"].ok("request.accept", request=mine["request"])
    assert [status for _kind, status, _attempts in told.rows()] == ["waiting", "waiting"]
    told.product.kill("webhooks")
    await asyncio.to_thread(told.product.wait_until_replaced, "webhooks", before)

    await told.hears("request.asked", "request.accepted", within_s=2 * SENT_WITHIN_S)
    await told.hears("request.asked", "request.accepted", "request.asked", within_s=CLAIM_S + SENT_WITHIN_S)
    await told.are_all_delivered()
    (first, _), _, (again, body) = told.receiver.got
    assert first["hopin-delivery"] == again["hopin-delivery"], "so that a receiver knows it again"
    assert verified(told.secret, again["hopin-signature"], body)
