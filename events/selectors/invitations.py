"""Reads of invitations into an organization."""

from hashlib import sha256

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils import timezone

from events.models import Invitation, Organization


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, the newest first; `is_expired`: the letter's link no longer works."""
    expired = ExpressionWrapper(Q(expires_at__lte=timezone.now()), output_field=BooleanField())
    return (
        organization.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("invited_by")
        .annotate(is_expired=expired)
    )


def invitation_by_token(token: str) -> Invitation | None:
    """One whose link works. None also for one that was accepted, withdrawn, or is too old."""
    return (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(
            token_digest=token_digest(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )


def token_digest(token: str) -> str:
    """What is kept of the secret in an invitation's link."""
    return sha256(token.encode()).hexdigest()
