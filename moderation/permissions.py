"""Who may moderate: pure predicates."""

from backstage.models import Participant
from backstage.permissions import may_direct


def may_moderate(participant: Participant) -> bool:
    """Accept, decline, remove: organizers who are inside."""
    return may_direct(participant)


def may_ask(participant: Participant) -> bool:
    """Whoever is inside and not on screen."""
    return participant.left_at is None and not participant.slots.exists()
