"""What is to be told: a row for each webhook, written in the very transaction of what happened."""

import json
import uuid

from django.db.models import QuerySet

from backstage.actions import Action
from events import permissions
from events.models import Event
from moderation.models import AuditEntry, Webhook, WebhookDelivery

#: What webhooks are told of, and how it is called there.
KINDS = {
    Action.ASKED.value: "request.asked",
    Action.ACCEPTED.value: "request.accepted",
    Action.BROADCAST_STARTED.value: "broadcast.started",
    Action.BROADCAST_STOPPED.value: "broadcast.stopped",
    Action.CUT.value: "broadcast.cut",
}
TEST = "webhook.test"


def put(entry: AuditEntry) -> None:
    """Inside the transaction of the entry."""
    kind = KINDS.get(str(entry.action))
    if kind is None or entry.event is None:
        return
    webhooks = [each for each in _active(entry.event) if is_answered_for(each, entry.event)]
    WebhookDelivery.objects.bulk_create([_delivery(webhook, kind, entry) for webhook in webhooks])


def _active(event: Event) -> QuerySet[Webhook]:
    return Webhook.objects.filter(event=event, active=True).select_related("created_by")


def is_answered_for(webhook: Webhook, event: Event) -> bool:
    """Else it is paused: whoever made it runs the event no longer, by whichever of the ways in which that ends."""
    maker = webhook.created_by
    if maker is not None and maker.is_active and permissions.is_organizer(maker, event):
        return True
    # Somebody else may have resumed it meanwhile, and answers for it now.
    Webhook.objects.filter(pk=webhook.pk, created_by=maker).update(active=False)
    return False


def test_delivery(webhook: Webhook) -> WebhookDelivery:
    """One that says nothing but that it is there; not stored yet."""
    delivery_id = uuid.uuid4()
    body = {"id": str(delivery_id), "kind": TEST, "event": _event(webhook.event)}
    return WebhookDelivery(id=delivery_id, webhook=webhook, kind=TEST, body=json.dumps(body))


def _delivery(webhook: Webhook, kind: str, entry: AuditEntry) -> WebhookDelivery:
    delivery_id = uuid.uuid4()
    session = entry.backstage_session
    body = {
        "id": str(delivery_id),
        "kind": kind,
        "at": entry.at.isoformat(),
        "event": entry.event and _event(entry.event),
        "stage": session and {"id": str(session.stage_id), "name": session.stage.name},
        "backstage_session": session and str(session.pk),
        # Names alone, as the audit log has them.
        "actor": entry.actor_name or None,
        "target": entry.target_name or None,
    }
    return WebhookDelivery(id=delivery_id, webhook=webhook, kind=kind, body=json.dumps(body))


def _event(event: Event) -> dict[str, str]:
    return {"slug": event.slug, "name": event.name}
