"""Ends the places of people who do not come back, and counts who is there."""

import asyncio
import time
from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from backstage import selectors, services
from backstage.selectors import Place
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.presence import presence

log = structlog.get_logger(__name__)

#: With the presence's time to end and `services.SEAT_KEPT`, a place is given back within 30 seconds.
LOOK_EVERY_S = 1.0
#: Notices may be lost with a Redis that dies. This is how long a page may not know that it missed one.
TELL_EVERY_S = 10.0

#: By Backstage: what was told last, persons inside and at the Stage, and when.
Counted = dict[UUID, tuple[tuple[int, int], float]]


async def keep_attendance() -> None:
    counted: Counted = {}
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        try:
            places = await database_sync_to_async(selectors.places_to_count)()
        except Exception:
            log.exception("attendance_failed")
            continue
        for closed in counted.keys() - {place.session_id for place in places}:
            del counted[closed]
        for place in places:
            try:
                await check(place, counted)
            except Exception:
                # One Backstage must not keep the others from being counted.
                log.exception("attendance_failed", backstage_session=str(place.session_id))


async def check(place: Place, counted: Counted) -> None:
    # Before the presences: everybody is present before their row says so. Who has come since is missing from both.
    known = await database_sync_to_async(selectors.persons_here)(place.session_id)
    inside = await presence().people(groups.backstage(place.session_id))
    at_door = await presence().people(groups.door(place.session_id))
    people = await _note_presence(place.session_id, inside, at_door, known)
    watching = len(await presence().people(groups.stage(place.stage_id)))
    now = time.monotonic()
    told, when = counted.get(place.session_id, (None, 0.0))
    if told != (people, watching) or now - when > TELL_EVERY_S:
        people = await database_sync_to_async(services.viewers_counted)(
            session_id=place.session_id, watching=watching
        )
        # What was told, not what was to be: somebody may have come in between, and telling may have failed.
        counted[place.session_id] = ((people, watching), now)


@database_sync_to_async
def _note_presence(session_id: UUID, inside: set[str], at_door: set[str], known: set[str]) -> int:
    """The persons inside, as pages are told them: presences are a moment ahead of the rows."""
    services.note_presence(session_id=session_id, present=inside, at_door=at_door, known=known)
    return selectors.people_inside(selectors.get(session_id))
