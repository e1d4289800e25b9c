"""Writes down what came out of a line.

In its order, each until it is written: a lost one would be a show that never ends.
"""

import asyncio
from uuid import UUID

import redis
import structlog
from channels.db import database_sync_to_async
from django.core.exceptions import ObjectDoesNotExist

from backstage import services
from backstage.stagehand.show_line import Aired, Ended, Outcome, WentOnAir
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.presence import presence

log = structlog.get_logger(__name__)

RECORD_AGAIN_S = 0.5
#: Going on air is not kept waiting by a Redis that does not answer.
COUNTED_WITHIN_S = 1.0


async def record_forever(session_id: UUID, stage_id: UUID, outcomes: asyncio.Queue[Outcome]) -> None:
    """Until cancelled, when the line is closed."""
    while True:
        outcome = await outcomes.get()
        watching = await _watching(stage_id) if isinstance(outcome, WentOnAir) else 0
        while True:
            try:
                await _record(session_id, outcome, watching)
                break
            except ObjectDoesNotExist:
                log.warning("outcome_of_nothing", backstage_session=str(session_id))
                break
            except Exception:
                # The database is away or busy; viewers' pictures go on meanwhile.
                log.exception("outcome_not_recorded", outcome=type(outcome).__name__)
                await asyncio.sleep(RECORD_AGAIN_S)


async def _watching(stage_id: UUID) -> int:
    try:
        async with asyncio.timeout(COUNTED_WITHIN_S):
            return len(await presence().people(groups.stage(stage_id)))
    except (redis.RedisError, OSError) as error:
        log.warning("viewers_not_counted", error=repr(error))
        return 0


@database_sync_to_async
def _record(session_id: UUID, outcome: Outcome, watching: int) -> None:
    match outcome:
        case Aired(layout):
            services.layout_aired(session_id=session_id, layout=layout)
        case WentOnAir(broadcast_id, at):
            services.went_on_air(broadcast_id=broadcast_id, at=at, watching=watching)
        case Ended(broadcast_id, at):
            services.broadcast_ended(broadcast_id=broadcast_id, at=at)
