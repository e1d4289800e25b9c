"""Who may do what in a Backstage: pure predicates, asked by services and by nobody else's rules."""

from collections.abc import Collection

from backstage.models import Participant
from events import permissions as events_permissions
from events.models import Event, User


def may_enter(user: User, event: Event) -> bool:
    """Whoever has the link and may attend."""
    return events_permissions.may_attend(user, event)


def entering_among(user_ids: Collection[int], event: Event) -> set[int]:
    """Of these accounts those who `may_enter`."""
    return events_permissions.attending_among(user_ids, event)


def may_see_event(user: User, event: Event) -> bool:
    return events_permissions.may_see_event(user, event)


def is_organizer(user: User, event: Event) -> bool:
    return events_permissions.is_organizer(user, event)


def may_direct(participant: Participant) -> bool:
    """Broadcast, stop, and everything of the Moderation panel: organizers inside, and by the API from outside."""
    here = participant.left_at is None or participant.from_outside
    return here and _is_organizer_here(participant)


def may_take_place(participant: Participant) -> bool:
    """Come on screen without asking."""
    return participant.left_at is None and (participant.may_return or _is_organizer_here(participant))


def may_share_screen(participant: Participant) -> bool:
    """Whoever is on screen, or may come there without asking."""
    return participant.left_at is None and (participant.slots.exists() or may_take_place(participant))


def _is_organizer_here(participant: Participant) -> bool:
    """Asked anew each time: `Participant.is_organizer` is what was so on coming in, for showing."""
    return is_organizer(participant.user, participant.backstage_session.stage.event)


def is_blocked(user: User, event: Event) -> bool:
    return events_permissions.is_blocked(user, event)


def may_mend(user: User) -> bool:
    """Support staff who may end a broadcast, reset a link and empty a tile; they need not be organizers."""
    return user.is_authenticated and user.is_staff and user.has_perm("backstage.mend_show")
