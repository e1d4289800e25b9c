"""Sends again what the mail server did not take. It may be killed at any time."""

import asyncio

import structlog
from channels.db import database_sync_to_async

from events import services

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 15.0


async def run() -> None:
    """Until it is cancelled."""
    while True:
        try:
            # A thread of its own: whoever waits for a mail server must not keep the webhooks beside us waiting.
            while await database_sync_to_async(services.send_next, thread_sensitive=False)():
                pass
        except Exception:
            # A letter that cannot be made must keep neither the others nor the webhooks beside us from being sent.
            log.exception("letters_failed")
        await asyncio.sleep(LOOK_EVERY_S)
