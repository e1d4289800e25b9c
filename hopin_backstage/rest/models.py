"""Tokens of people's programs, and answers kept for those who ask twice."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken


class ApiToken(AbstractAuthToken):
    """Signs in one program in its owner's name. The token itself is shown once; here is its SHA-512."""

    # Named here, since the library's base knows no types; nothing goes from a person to their tokens.
    user: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    name: "models.CharField[str, str]" = models.CharField(
        _("name"), max_length=60, help_text=_("Which program has it.")
    )
    last_used_at: "models.DateTimeField[Any, Any]" = models.DateTimeField(
        null=True, blank=True, help_text=_("To the hour.")
    )

    class Meta:
        ordering = ["-created"]
        verbose_name = _("API token")

    def __str__(self) -> str:
        # Never the digest: this ends in logs.
        return self.name


class KeptAnswer(models.Model):
    """What somebody was answered when they first asked with an Idempotency-Key; the same again when they repeat it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64, help_text=_("SHA-256 of method, path and body."))
    status = models.PositiveSmallIntegerField(
        default=0, help_text=_("0 only inside the first one's transaction.")
    )
    body = models.TextField(
        help_text=_(
            "JSON, as it was sent: a database's own JSON would order it anew. Of a message its id alone."
        )
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once")]
        indexes = [models.Index(fields=["created_at"], name="kept_answers_by_age")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.status} at {self.created_at:%Y-%m-%d %H:%M:%S}"
