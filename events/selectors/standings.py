"""How a person stands to an event."""

from enum import StrEnum

from django.utils import timezone

from events import permissions
from events.models import Event
from events.permissions import Person
from events.selectors.places import is_full


class Newcomers(StrEnum):
    """Whether people who are not registered yet can be: as in Standing, and with its words."""

    OVER = "over"
    CLOSED = "closed"
    FULL = "full"
    MAY_REGISTER = "may_register"


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
    return Standing(newcomers(event).value)


def newcomers(event: Event) -> Newcomers:
    """How whoever is not registered yet stands to a published event."""
    if event.ends_at <= timezone.now():
        return Newcomers.OVER
    if not event.registration_open:
        return Newcomers.CLOSED
    if is_full(event):
        return Newcomers.FULL
    return Newcomers.MAY_REGISTER
