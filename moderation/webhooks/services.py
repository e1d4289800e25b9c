"""Every write of webhooks."""

import random
import secrets
from collections.abc import Collection
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage.actions import Action
from events.models import Event, User
from events.services.rules import check_organizer, check_runs
from hopin_backstage.realtime import Refused
from moderation import audit
from moderation.models import Webhook, WebhookDelivery
from moderation.webhooks import outbox, selectors
from moderation.webhooks.addresses import is_sound
from moderation.webhooks.post import Answer

Status = WebhookDelivery.Status

MOST_WEBHOOKS = 5
#: How long a delivery is tried, and is seen on the page.
TRIED_FOR, KEPT_FOR = timedelta(days=1), timedelta(days=30)
#: Between two tries: twice as long each time.
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 5.0, 3600.0
#: Longer than any try takes. A sender that was killed in one leaves its claim, which ends by itself.
CLAIMED_FOR = timedelta(minutes=1)
#: Of all that is due, looked at in one go.
LOOKED_AT = 200


@transaction.atomic
def create_webhook(*, actor: User, event: Event, url: str) -> Webhook:
    """The event tells this address from now on. Its `secret` is shown to the actor, and to nobody again. It is logged.

    Raises Refused: `event.not_yours`, `event.archived`, `webhook.url`, `webhook.too_many`.
    """
    check_organizer(actor, event)
    if not is_sound(url):
        raise Refused(
            "webhook.url", _("Enter the https address of a server on the Internet, without a password in it.")
        )
    # The event's row is the lock.
    Event.objects.select_for_update().get(pk=event.pk)
    if event.webhooks.count() >= MOST_WEBHOOKS:
        raise Refused(
            "webhook.too_many",
            _("An event has %(most)s webhooks at most. Delete one first.") % {"most": MOST_WEBHOOKS},
        )
    webhook = Webhook.objects.create(
        event=event, url=url, secret=f"whsec_{secrets.token_urlsafe(32)}", created_by=actor
    )
    _log(Action.WEBHOOK_CREATED, actor, webhook)
    return webhook


@transaction.atomic
def set_active(*, actor: User, webhook: Webhook, active: bool) -> None:
    """While it is not active, nothing is sent, and nothing new waits. It is logged, if it is news.

    Whoever resumes it answers for it from then on. Raises Refused: `event.not_yours`; to resume: `event.archived`.
    """
    if active:
        check_organizer(actor, webhook.event)
    else:
        check_runs(actor, webhook.event)
    changed = Webhook.objects.filter(pk=webhook.pk).exclude(active=active).update(active=active)
    webhook.active = active
    if active:
        webhook.created_by = actor
        Webhook.objects.filter(pk=webhook.pk).update(created_by=actor)
    if changed:
        _log(Action.WEBHOOK_RESUMED if active else Action.WEBHOOK_PAUSED, actor, webhook)


def pause_made_by(*, event: Event, user: User) -> None:
    """They organize the event no longer, and the addresses are theirs."""
    event.webhooks.filter(created_by=user).update(active=False)


@transaction.atomic
def delete_webhook(*, actor: User, webhook: Webhook) -> None:
    """With its deliveries, those that wait included; of an archived event, too. It is logged.

    Raises Refused `event.not_yours`.
    """
    check_runs(actor, webhook.event)
    _log(Action.WEBHOOK_DELETED, actor, webhook)
    webhook.delete()


@transaction.atomic
def send_test(*, actor: User, webhook: Webhook) -> WebhookDelivery:
    """A delivery that says nothing but that it arrives.

    Raises Refused: `event.not_yours`, `event.archived`, `webhook.test_waits`.
    """
    check_organizer(actor, webhook.event)
    Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.deliveries.filter(kind=outbox.TEST, status=Status.WAITING).exists():
        raise Refused("webhook.test_waits", _("A test is on its way already. Wait what becomes of it."))
    delivery = outbox.test_delivery(webhook)
    delivery.save(force_insert=True)
    return delivery


def claim(*, most: int, busy: Collection[UUID]) -> list[WebhookDelivery]:
    """At most so many that are due, one of each webhook, none of those in `busy`; for a minute nobody else's.

    Several senders may ask: on PostgreSQL each skips the rows that another holds, on SQLite they take turns.
    """
    now = timezone.now()
    # Asked without a lock first: mostly nothing is due, and on SQLite the lock would be that of all writers.
    if most <= 0 or not selectors.due(now, busy=busy).exists():
        return []
    with transaction.atomic():
        due = selectors.due(now, busy=busy).select_for_update(skip_locked=True, of=("self",))
        first_of_each: dict[UUID, WebhookDelivery] = {}
        for delivery in due.select_related("webhook__event", "webhook__created_by")[:LOOKED_AT]:
            first_of_each.setdefault(delivery.webhook_id, delivery)
        claimed = [
            each
            for each in list(first_of_each.values())[:most]
            if outbox.is_answered_for(each.webhook, each.webhook.event)
        ]
        WebhookDelivery.objects.filter(pk__in=[delivery.pk for delivery in claimed]).update(
            claimed_until=now + CLAIMED_FOR
        )
    return claimed


@transaction.atomic
def note_answer(*, delivery_id: UUID, answer: Answer) -> None:
    """It arrived, or is tried again later, or after a day no more."""
    waiting = WebhookDelivery.objects.select_for_update().filter(pk=delivery_id, status=Status.WAITING)
    if (delivery := waiting.first()) is None:
        return
    now = timezone.now()
    delivery.attempts += 1
    delivery.claimed_until = None
    delivery.said = answer.said[:120]
    if answer.arrived:
        delivery.status, delivery.done_at = Status.DELIVERED, now
    elif now >= delivery.created_at + TRIED_FOR:
        delivery.status, delivery.done_at = Status.GIVEN_UP, now
    else:
        # The last try is when the day is over.
        delivery.next_at = min(now + pause(delivery.attempts), delivery.created_at + TRIED_FOR)
    delivery.save(update_fields=["attempts", "claimed_until", "said", "status", "done_at", "next_at"])


def pause(attempts: int) -> timedelta:
    """After so many tries; a fifth more or less, so that all who wait for one server do not come at once."""
    longest = min(SHORTEST_PAUSE_S * 2 ** min(attempts, 20), LONGEST_PAUSE_S)
    return timedelta(seconds=longest * random.uniform(0.8, 1.2))  # noqa: S311  no secret


def tidy() -> None:
    """Gives up what could not even be tried for a day, and forgets what is long done."""
    now = timezone.now()
    # An hour more than a try: whoever is sending it now has the last word.
    too_old = WebhookDelivery.objects.filter(
        status=Status.WAITING, created_at__lt=now - TRIED_FOR - timedelta(hours=1)
    )
    too_old.update(status=Status.GIVEN_UP, done_at=now, claimed_until=None)
    WebhookDelivery.objects.filter(done_at__lt=now - KEPT_FOR).delete()


def _log(action: Action, actor: User, webhook: Webhook) -> None:
    """By its host alone: an address may have a secret in it, and logs are read by more people than it was given to."""
    audit.record(action=action, actor=actor, event=webhook.event, detail=urlsplit(webhook.url).hostname or "")
