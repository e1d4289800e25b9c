"""Ends the places of people who do not come back, and counts who is there."""

import asyncio

import structlog
from channels.db import database_sync_to_async

from backstage import selectors, services
from backstage.selectors import Place
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.presence import presence

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 2.0


async def keep_attendance() -> None:
    counted: dict[str, tuple[int, int]] = {}
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            places = await database_sync_to_async(selectors.places_to_count)()
        except Exception:
            log.exception("attendance_failed")
            continue
        for place in places:
            try:
                await _check(place, counted)
            except Exception:
                # One Backstage must not keep the others from being counted.
                log.exception("attendance_failed", backstage_session=str(place.session_id))


async def _check(place: Place, counted: dict[str, tuple[int, int]]) -> None:
    backstage = groups.backstage(place.session_id)
    inside = await presence().people(backstage)
    await database_sync_to_async(services.note_presence)(session_id=place.session_id, present=inside)
    watching = len(await presence().people(groups.stage(place.stage_id)))
    count = (len(inside), watching)
    if counted.get(backstage) != count:
        counted[backstage] = count
        await database_sync_to_async(services.viewers_counted)(session_id=place.session_id, watching=watching)
