"""Support mends a show that is on the air, from its pages: Janus obeys, everybody hears it, and it is named.

People send pictures and sound all the time, whatever they are told, and what others get is measured.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.janus_look import JanusRoom, of_janus, room_of
from tests.integration.backstage.line import Line
from tests.integration.backstage.pages import SILENT, Onlooker
from tests.integration.backstage.support import LOOK, MEND, hire, rows_of, timeline_of, told
from tests.integration.backstage.test_enforced_mute import come_on_screen, speak
from tests.integration.backstage.test_entrances import come_in
from tests.integration.backstage.test_publishing import an_offer, ask_and_accept
from tests.integration.browsers import Windowless, windowless
from tests.janus.waiting import eventually
from tests.servers.product import Product

pytestmark = [pytest.mark.janus, pytest.mark.timeout(480)]
numbers = count(1)
SOCKETS = ("backstage", "moderation", "media")
DELAY_S = 10
#: Seconds from the answer to the press until every socket has told it, and until Janus has done it.
TOLD_WITHIN_S, DONE_WITHIN_S = 3.0, 5.0
#: For so long nothing must come.
LOOKED_FOR_S = 2.0
#: Their pictures.
SAM, ROSA = 128, 60


@dataclass
class Evening:
    """Sam and Rosa are on screen, and on the air; `inside` and `audience`: sockets of everybody, by person."""

    product: Product
    scene: Scene
    doors: AsyncExitStack
    media: dict[str, Line]
    inside: dict[str, Line]
    audience: dict[str, Line]
    backstage: Onlooker
    stage: Onlooker
    room: JanusRoom
    feeds: dict[str, int]
    pages: dict[str, str]

    async def staff(self, name: str, *rights: str) -> Windowless:
        session = self.product.django(hire, name, *rights)
        return await self.doors.enter_async_context(windowless(self.product, session))

    def mended(self) -> list[tuple[str, ...]]:
        return self.product.django(mended, self.scene.token)


def feeds_of(token: str) -> dict[str, int]:
    """Runs in the product's process: what Janus carries, by name."""
    from backstage.models import Slot

    slots = Slot.objects.filter(backstage_session__link_token=token)
    return {str(slot.participant.user): slot.feed for slot in slots}


def pages_of(token: str) -> dict[str, str]:
    """Runs in the product's process: support's pages of the show and of Sam's place, and where their acts are."""
    from backstage.models import BackstageSession
    from events.admin import offers
    from events.admin.acts import act_path

    show = BackstageSession.objects.get(link_token=token)
    place = show.slots.get(participant__user__display_name="Sam Barnes")
    return {
        "show": offers.page_of(show),
        "place": offers.page_of(place),
        "stop": act_path(show, "stop"),
        "empty": act_path(place, "empty"),
    }


def mended(token: str) -> list[tuple[str, ...]]:
    """Runs in the product's process: what the audit log has of it, in order."""
    from moderation.models import AuditEntry

    entries = AuditEntry.objects.filter(backstage_session__link_token=token, detail="support")
    return list(entries.order_by("at").values_list("action", "actor_name", "target_name"))


def broadcast_of(token: str) -> dict[str, Any]:
    """Runs in the product's process."""
    from backstage.models import Broadcast

    row = Broadcast.objects.get(backstage_session__link_token=token)
    return {
        "stopped_by": str(row.stopped_by),
        "ended": row.ended_at is not None,
        "cut": row.cut_at is not None,
    }


async def test_support_empties_a_tile_and_ends_the_broadcast_of_a_show_on_the_air(
    product: Product, doors: AsyncExitStack
) -> None:
    show = await on_the_air(product, doors)
    await whoever_may_not_changes_nothing(show)
    support = await show.staff("Iris Vale", *LOOK, MEND)
    await without_a_token_nothing_is_done(show, support)
    await support_empties_a_tile(show, support)
    await support_ends_the_broadcast(show, support)
    await it_is_written_down(show, support)


async def on_the_air(product: Product, doors: AsyncExitStack) -> Evening:
    scene = make_scene(product, f"support-{next(numbers)}", delay_s=DELAY_S)
    olivia, sam, backstage = await come_on_screen(doors, product, scene)
    await speak(doors, sam["media"], brightness=SAM)
    rosa = await come_in(doors, product, scene, "rosa", *SOCKETS)
    assert await ask_and_accept(olivia, rosa) == "ok"
    await speak(doors, rosa["media"], brightness=ROSA)
    await asyncio.gather(backstage.sees("1", SAM), backstage.sees("3", ROSA), backstage.hears("0"))

    at_the_stage = [await come_in(doors, product, scene, who, "stage") for who in ("ada", "sam")]
    audience = {who: lines["stage"] for who, lines in zip(("ada", "sam"), at_the_stage, strict=True)}
    await olivia["backstage"].ok("broadcast.start")
    await audience["ada"].notice("media.ready")
    stage = Onlooker()
    doors.push_async_callback(stage.close)
    await stage.watch(audience["ada"], "viewer")
    await asyncio.gather(stage.sees("v1", SAM, DELAY_S + 8), stage.sees("v2", ROSA, DELAY_S + 8))

    inside = {who: lines["backstage"] for who, lines in (("olivia", olivia), ("sam", sam), ("rosa", rosa))}
    await all_hear(inside.values(), "show.changed", lambda body: body["show"]["state"] == "live")
    handle = await doors.enter_async_context(of_janus(product))
    return Evening(
        product,
        scene,
        doors,
        {"sam": sam["media"], "rosa": rosa["media"]},
        inside,
        audience,
        backstage,
        stage,
        JanusRoom(handle, *product.django(room_of, scene.token)),
        product.django(feeds_of, scene.token),
        product.django(pages_of, scene.token),
    )


async def all_hear(
    lines: Iterable[Line],
    wire_type: str,
    said: Callable[[dict[str, Any]], bool],
    within_s: float = TOLD_WITHIN_S,
) -> None:
    """The newest notice of this type says so, at each."""
    everybody = list(lines)

    def newest(line: Line) -> dict[str, Any] | None:
        return next((each["body"] for each in reversed(line.heard) if each["type"] == wire_type), None)

    try:
        await eventually(
            lambda: all((body := newest(line)) is not None and said(body) for line in everybody), within_s
        )
    except AssertionError:
        raise AssertionError(f"{wire_type}: {[newest(line) for line in everybody]}") from None


def shows(*names: str) -> Callable[[dict[str, Any]], bool]:
    """Of tiles, or of a layout: these people and nobody else."""
    return lambda body: [tile["name"] for tile in body.get("layout", body)["tiles"]] == list(names)


async def sees_no_more(watcher: Onlooker, mid: str, brightness: int) -> None:
    """What is on its way to the eye may still come: it stands still before long, and stays so."""
    until = time.monotonic() + DONE_WITHIN_S
    while time.monotonic() < until:
        try:
            await watcher.sees(mid, brightness, LOOKED_FOR_S)
        except AssertionError as nothing:
            assert "No picture" in str(nothing)  # noqa: PT017  the other way round it is what is wanted
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"the picture of {mid} still moves")


async def whoever_may_not_changes_nothing(show: Evening) -> None:
    looks, sees_nothing = await show.staff("Noah Reed", *LOOK), await show.staff("Jo Lind")
    for page, label in (("place", "Empty the tile"), ("show", "End the broadcast")):
        assert label not in await looks.read(show.pages[page])
        assert (await sees_nothing.get(show.pages[page])).status_code == 403
    for staff in (looks, sees_nothing):
        own_page = await staff.read("/admin/")
        for act in ("empty", "stop"):
            path = show.pages[act]
            for answer in (await staff.get(path), await staff.send(path, form_of=own_page)):
                assert answer.status_code == 403
                # Its own refusal, not that of a form that is too old.
                assert "You may not do that" in answer.text
    await all_goes_on(show)


async def without_a_token_nothing_is_done(show: Evening, support: Windowless) -> None:
    """Else what follows would prove no form."""
    for act in ("empty", "stop"):
        of_another = 'name="csrfmiddlewaretoken" value="' + "x" * 64 + '"'
        answer = await support.send(show.pages[act], form_of=of_another)
        assert (answer.status_code, "This form is too old" in answer.text) == (403, True)
    await all_goes_on(show)


async def all_goes_on(show: Evening) -> None:
    assert show.mended() == []
    assert set(show.feeds.values()) <= await show.room.publishing() & await show.room.forwarded()
    await all_hear(show.inside.values(), "tiles.changed", shows("Sam Barnes", "Rosa Lind"))
    await all_hear(show.inside.values(), "show.changed", lambda body: body["show"]["state"] == "live")
    await show.backstage.sees("1", SAM)


async def support_empties_a_tile(show: Evening, support: Windowless) -> None:
    feed = show.feeds["Sam Barnes"]
    said = await support.press(show.pages["place"], "Empty the tile")
    assert "Sam Barnes is off the screen, and must ask again." in said
    await all_hear(show.inside.values(), "tiles.changed", shows("Rosa Lind"))
    await all_hear([show.inside["sam"]], "me.changed", lambda body: not body["may_return"])
    await all_hear([show.audience["sam"]], "guard.changed", lambda body: not body["on_screen"])

    await show.room.lets_go_of(feed, DONE_WITHIN_S)
    await sees_no_more(show.backstage, "1", SAM)
    assert await show.backstage.loudest("0", LOOKED_FOR_S) < SILENT
    # And he cannot come back by himself.
    offer = await an_offer(show.doors, "audio", "video")
    assert await show.media["sam"].refused("publish.start", sdp=offer) == "publish.not_on_screen"
    assert await show.inside["sam"].refused("place.take") == "request.needed"

    await all_hear(show.audience.values(), "layout.aired", shows("Rosa Lind"), DELAY_S + TOLD_WITHIN_S)
    await sees_no_more(show.stage, "v1", SAM)
    # Nobody else's pictures were touched.
    assert set(show.feeds.values()) & await show.room.forwarded() == {show.feeds["Rosa Lind"]}
    await asyncio.gather(show.backstage.sees("3", ROSA), show.stage.sees("v2", ROSA))


async def support_ends_the_broadcast(show: Evening, support: Windowless) -> None:
    said = await support.press(show.pages["show"], "End the broadcast")
    assert "The broadcast ends." in said
    await all_hear(show.inside.values(), "show.changed", lambda body: body["show"]["state"] == "ending")
    await show.room.forwards_none_of(set(show.feeds.values()), DONE_WITHIN_S)

    await all_hear(
        show.inside.values(),
        "show.changed",
        lambda body: body["show"]["state"] == "off_air",
        DELAY_S + TOLD_WITHIN_S,
    )
    await all_hear(show.audience.values(), "layout.aired", lambda body: not body["layout"]["live"])
    await sees_no_more(show.stage, "v2", ROSA)
    ended = show.product.django(broadcast_of, show.scene.token)
    assert ended == {"stopped_by": "Iris Vale", "ended": True, "cut": False}
    # Everybody stays, and nobody offers to end it twice.
    await show.backstage.sees("3", ROSA)
    assert "End the broadcast" not in await support.read(show.pages["show"])


async def it_is_written_down(show: Evening, support: Windowless) -> None:
    assert show.mended() == [
        ("removed", "Iris Vale", "Sam Barnes"),
        ("broadcast_stopped", "Iris Vale", ""),
    ]
    for entry in (("kicked", "Sam Barnes"), ("forward_ended", "Sam Barnes"), ("off_air", "")):
        await stands_in_the_timeline(show, *entry)
    rows = rows_of(await support.read(show.product.django(timeline_of, show.scene.token)))
    assert any("Removed from the screen Sam Barnes Iris Vale" in row for row in rows), rows
    assert any("Stop Broadcasting Iris Vale" in row for row in rows), rows

    olivia = await show.doors.enter_async_context(windowless(show.product, show.scene.sessions["olivia"]))
    activity = await olivia.read(f"/events/{show.scene.slug}/manage/activity/")
    assert "Iris Vale removed Sam Barnes from the screen" in activity
    assert "Iris Vale pressed Stop Broadcasting" in activity


async def stands_in_the_timeline(show: Evening, kind: str, person: str) -> None:
    """What Janus says is written in batches, a moment later."""
    try:
        await eventually(lambda: (kind, person) in show.product.django(told, show.scene.token), 10)
    except AssertionError:
        raise AssertionError(f"no {kind}: {show.product.django(told, show.scene.token)}") from None
