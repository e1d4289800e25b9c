"""Who may moderate: pure predicates."""

from backstage.models import Participant
from events.permissions import Person


def may_ask(participant: Participant) -> bool:
    """Whoever is inside and not on screen."""
    return participant.left_at is None and not participant.slots.exists()


def may_see_timeline(user: Person) -> bool:
    """Support staff who may see all that it is made of: not a part of it by a side door."""
    return (
        user.is_authenticated
        and user.is_staff
        and user.has_perms(
            [
                "backstage.view_backstagesession",
                "backstage.view_movement",
                "backstage.view_mediaevent",
                "moderation.view_auditentry",
                "moderation.view_sharerequest",
            ]
        )
    )
