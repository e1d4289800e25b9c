"""Requests to share audio and video: data and constraints only."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backstage.models import Participant


class ShareRequest(models.Model):
    """A person asks to come on screen. Open while it waits; at most one open request a person."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ENDED = "ended", _("Ended because the person left")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="share_requests")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(default=timezone.now)
    microphone = models.BooleanField(help_text=_("The device check found one."))
    camera = models.BooleanField(help_text=_("The device check found one."))
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(state="waiting"), name="share_request_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.user} asked at {self.asked_at:%H:%M:%S}"
