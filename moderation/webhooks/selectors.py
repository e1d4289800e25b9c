"""Reads of webhooks and their deliveries."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from events.models import Event
from moderation.models import Webhook, WebhookDelivery

#: That the page shows of each.
LAST_DELIVERIES = 10


def webhooks_of(event: Event) -> QuerySet[Webhook]:
    """In the order they were made, each with its `last` deliveries."""
    newest = WebhookDelivery.objects.order_by("-created_at")[:LAST_DELIVERIES]
    return event.webhooks.order_by("created_at").prefetch_related(
        Prefetch("deliveries", newest, to_attr="last")
    )


def webhook_of(event: Event, webhook_id: UUID) -> Webhook | None:
    return event.webhooks.select_related("event").filter(pk=webhook_id).first()


def due(now: datetime, *, busy: Collection[UUID]) -> QuerySet[WebhookDelivery]:
    """What waits to be sent and nobody is sending, the oldest first; nothing of the webhooks in `busy`."""
    nobody_sends = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return (
        WebhookDelivery.objects.filter(
            nobody_sends, status=WebhookDelivery.Status.WAITING, next_at__lte=now, webhook__active=True
        )
        .exclude(webhook__in=busy)
        .order_by("next_at", "created_at")
    )
