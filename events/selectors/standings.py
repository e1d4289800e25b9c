"""How a person stands to an event."""

from enum import StrEnum

from django.utils import timezone

from events import permissions
from events.models import Event
from events.permissions import Person


class Standing(StrEnum):
    """How a person stands to an event, and so what its page offers."""

    ORGANIZER = "organizer"
    REGISTERED = "registered"
    BLOCKED = "blocked"
    OVER = "over"
    CLOSED = "closed"
    FULL = "full"
    MAY_REGISTER = "may_register"


def standing(user: Person, event: Event) -> Standing:
    """Somebody who is not signed in stands like somebody who has not registered."""
    if permissions.is_organizer(user, event):
        return Standing.ORGANIZER
    if permissions.is_blocked(user, event):
        return Standing.BLOCKED
    if permissions.is_registered(user, event):
        return Standing.REGISTERED
    if event.ends_at <= timezone.now():
        return Standing.OVER
    if not event.registration_open:
        return Standing.CLOSED
    if event.capacity is not None and event.registrations.count() >= event.capacity:
        return Standing.FULL
    return Standing.MAY_REGISTER
