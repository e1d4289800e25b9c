"""What is announced is what a snapshot says."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from backstage import selectors, services
from backstage.messages import Layout
from backstage.models import BackstageSession, Participant
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import listening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


async def test_a_snapshot_and_the_notices_behind_it_are_the_next_snapshot(
    session: BackstageSession, come_in: Callable[..., Participant]
) -> None:
    olivia = await database_sync_to_async(come_in)(organizer=True)
    sam = await database_sync_to_async(come_in)()

    def everything_that_changes() -> None:
        slot = services.put_on_screen(participant=sam, microphone=True, camera=True)
        services.set_devices(actor=sam, microphone=False, camera=True)
        services.feed_started(slot_id=slot.id, feed=11, janus_session=1, janus_handle=2)
        services.start_broadcast(actor=olivia)
        services.take_place(actor=olivia, microphone=True, camera=False)
        services.feed_stopped(slot_id=slot.id, feed=11)
        services.stop_broadcast(actor=olivia)
        services.leave(participant_id=sam.id)

    async with listening(groups.backstage(session.id)) as notices:
        before, revision = await database_sync_to_async(selectors.numbered_snapshot)(olivia.id, 0)
        await database_sync_to_async(everything_that_changes)()
        after, newest = await database_sync_to_async(selectors.numbered_snapshot)(olivia.id, 0)
        state = {"tiles": before.tiles, "show": before.show}
        while revision < newest:
            async with asyncio.timeout(5):
                frame = json.loads((await anext(notices))["frame"])
            assert frame["revision"] == revision + 1, "no gap"
            revision = frame["revision"]
            state |= frame["body"]
    assert state["tiles"] == json.loads(json.dumps([tile_of(tile) for tile in after.tiles]))
    assert state["show"]["state"] == after.show.state


def tile_of(tile: Any) -> dict[str, Any]:
    return {name: getattr(tile, name) for name in tile.__struct_fields__}


async def test_nothing_is_announced_that_was_not_committed(session: BackstageSession) -> None:
    @transaction.atomic
    def announce_and_fail() -> None:
        services.layout_aired(session_id=session.id, layout=Layout(live=True))
        raise RuntimeError

    async with listening(groups.stage(session.stage_id)) as notices:
        with pytest.raises(RuntimeError):
            await database_sync_to_async(announce_and_fail)()
        await database_sync_to_async(services.layout_aired)(
            session_id=session.id, layout=Layout(live=False, tiles=[])
        )
        async with asyncio.timeout(5):
            first = json.loads((await anext(notices))["frame"])
    assert first["body"]["layout"]["live"] is False
