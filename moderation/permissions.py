"""Who may moderate: pure predicates."""

from backstage.models import Participant


def may_ask(participant: Participant) -> bool:
    """Whoever is inside and not on screen."""
    return participant.left_at is None and not participant.slots.exists()
