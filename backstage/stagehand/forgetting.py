"""Lets go of what is kept for a while only: media events, people's coming and going, and answers of the API."""

import asyncio

import structlog
from channels.db import database_sync_to_async

from backstage import services
from hopin_backstage.rest import idempotency

log = structlog.get_logger(__name__)

FORGET_EVERY_S = 600.0
#: Between two parts: others write, too.
BREATHE_S = 1.0


def forget() -> int:
    """A part of what is too old; how many rows it were."""
    return services.forget_old() + idempotency.forget_old()


async def forget_forever() -> None:
    pause_s = FORGET_EVERY_S
    while True:
        await asyncio.sleep(pause_s)
        try:
            forgotten = await database_sync_to_async(forget, thread_sensitive=False)()
            pause_s = BREATHE_S if forgotten else FORGET_EVERY_S
        except Exception:
            # The database is away; what is too old waits.
            log.exception("not_forgotten")
            pause_s = FORGET_EVERY_S
