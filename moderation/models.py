"""Requests to share audio and video, the audit log, webhooks: data and constraints only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstage.actions import Action
from backstage.models import BackstageSession, Participant
from moderation.ledger import AuditQuerySet, Unchangeable
from moderation.messages import WORD_LENGTH
from moderation.webhooks.answers import sentence


class ShareRequest(models.Model):
    """A person asks to come on screen. Open while it waits; at most one open request a person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended because the person left")
        DEQUEUED = "dequeued", _("Taken out of the queue")

    class Uplink(models.TextChoices):
        UNKNOWN = "unknown", _("Not measured")
        GOOD = "good", _("Good")
        WEAK = "weak", _("Weak")

    class Path(models.TextChoices):
        UNKNOWN = "unknown", _("Not known")
        DIRECT = "direct", _("Direct")
        RELAYED = "relayed", _("Relayed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="share_requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    microphone = models.BooleanField(help_text=_("The device check found one."))
    camera = models.BooleanField(help_text=_("The device check found one."))
    # The pre-flight card, filled in by the page while it waits.
    measured = models.BooleanField(default=False, help_text=_("The page has told its pre-flight card."))
    level_seen = models.BooleanField(default=False, help_text=_("The microphone has heard something."))
    uplink = models.CharField(max_length=10, choices=Uplink, default=Uplink.UNKNOWN)
    path = models.CharField(max_length=10, choices=Path, default=Path.UNKNOWN)
    browser = models.CharField(max_length=40, blank=True)
    word = models.CharField(
        max_length=WORD_LENGTH, blank=True, help_text=_("From the organizer who declined.")
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        # The id decides between two who asked in the same moment, so that everybody counts alike.
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(state="waiting"), name="share_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.user} asked at {self.asked_at:%H:%M:%S}"


class AuditEntry(Unchangeable, models.Model):
    """Somebody did something. Nothing changes or deletes these rows: triggers in the database refuse it.

    So nothing they name may be needed by them: no foreign key of theirs cascades or is set to null, and the names
    stand here as they were. Each key may name a row that is gone, and is nullable so that no join loses the entry.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=20, choices=Action)
    event = models.ForeignKey(
        "events.Event", models.DO_NOTHING, db_constraint=False, null=True, related_name="audit_entries"
    )
    event_name = models.CharField(max_length=200, blank=True)
    backstage_session = models.ForeignKey(
        BackstageSession, models.DO_NOTHING, db_constraint=False, null=True, related_name="audit_entries"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    actor_name = models.CharField(max_length=150, blank=True)
    target = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    target_name = models.CharField(max_length=150, blank=True)
    detail = models.CharField(max_length=250, blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["event", "-at"], name="audit_of_event")]
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.get_action_display()} {self.target_name}".rstrip()


class Webhook(models.Model):
    """An address that is told what happens in an event."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey("events.Event", models.CASCADE, related_name="webhooks")
    url = models.CharField(_("address"), max_length=500)
    secret = models.CharField(
        max_length=64,
        editable=False,
        help_text=_(
            "Signs what is sent, so it is kept as it is; shown to its maker once, and nowhere again."
        ),
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Webhook of {self.event}"


class WebhookDelivery(models.Model):
    """One thing that a webhook is to be told: a row of the outbox until it arrived, or was given up."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=40)
    body = models.TextField(help_text=_("JSON, as it is sent and signed."))
    created_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now, help_text=_("Not sent before."))
    claimed_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A sender is at it, and nobody else until then.")
    )
    said = models.CharField(max_length=120, blank=True, help_text=_("How the last try ended."))
    done_at = models.DateTimeField(null=True, blank=True, help_text=_("Delivered or given up."))

    class Meta:
        verbose_name_plural = _("webhook deliveries")
        indexes = [
            models.Index(fields=["next_at"], condition=Q(status="waiting"), name="deliveries_waiting"),
            models.Index(fields=["webhook", "-created_at"], name="deliveries_of_webhook"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.get_status_display()}"

    @property
    def answer(self) -> str:
        """How the last try ended, for people."""
        return sentence(self.said)
