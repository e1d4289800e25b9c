"""Sends what waits. It may be killed at any time: what it claimed is anybody's again after a minute.

So a delivery arrives at least once, and twice if we died between the answer and writing it down: it has an id.
"""

import asyncio
import logging
import time
from uuid import UUID

from channels.db import database_sync_to_async
from django.db import Error as DatabaseError

from moderation.models import WebhookDelivery
from moderation.webhooks import services
from moderation.webhooks.post import Letter, post

logger = logging.getLogger(__name__)

#: Seconds between two looks while nothing is due.
LOOK_EVERY_S = 1.0
TIDY_EVERY_S = 600.0
#: At a time; one of each webhook, so that its deliveries come in order and a slow one holds up itself alone.
MOST_AT_ONCE = 20


class Sender:
    def __init__(self) -> None:
        self._sending: dict[UUID, asyncio.Task[None]] = {}
        self._tidied_at = float("-inf")

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                begun = await self.begin_due()
                await self._tidy()
            except DatabaseError as error:
                logger.warning("The database does not answer (%s); trying again.", type(error).__name__)
                begun = 0
            if not begun:
                await asyncio.sleep(LOOK_EVERY_S)

    async def begin_due(self) -> int:
        """Begins to send what is due, and says how much that is."""
        claimed = await database_sync_to_async(services.claim)(
            most=MOST_AT_ONCE - len(self._sending), busy=set(self._sending)
        )
        for delivery in claimed:
            self._sending[delivery.webhook_id] = asyncio.create_task(self._send(delivery))
        return len(claimed)

    async def finish(self) -> None:
        """Until nothing is being sent."""
        while self._sending:
            await asyncio.gather(*self._sending.values())

    async def _send(self, delivery: WebhookDelivery) -> None:
        try:
            await self._send_once(delivery)
        finally:
            self._sending.pop(delivery.webhook_id, None)

    async def _send_once(self, delivery: WebhookDelivery) -> None:
        webhook = delivery.webhook
        answer = await post(
            Letter(str(delivery.pk), delivery.kind, webhook.url, webhook.secret, delivery.body.encode())
        )
        try:
            await database_sync_to_async(services.note_answer)(delivery_id=delivery.pk, answer=answer)
        except DatabaseError as error:
            # The claim ends by itself, and it is sent again.
            logger.warning("What became of a delivery is not written down (%s).", type(error).__name__)
        # Never the address: there may be a secret in it.
        logger.info("Webhook delivery %s: %s", delivery.pk, answer.said)

    async def _tidy(self) -> None:
        if time.monotonic() - self._tidied_at > TIDY_EVERY_S:
            await database_sync_to_async(services.tidy)()
            self._tidied_at = time.monotonic()
