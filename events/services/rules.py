"""Rules that several services ask. Each raises Refused where it says no."""

from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import permissions
from events.models import DELAY_MAX_S, DELAY_MIN_S, Event, Organization, User
from hopin_backstage.realtime import Refused

#: Signs behind the name in an address: without vowels, so that they are no word, and none that looks like another.
SLUG_SIGNS, SLUG_ALPHABET = 6, "bcdfghjkmnpqrstvwxz23456789"


def check_runs(actor: User, event: Event) -> None:
    """For what may be done to an archived event, too. Raises `event.not_yours`."""
    if not permissions.is_organizer(actor, event):
        raise Refused("event.not_yours", _("You need to be an organizer of this event to do that."))


def check_organizer(actor: User, event: Event) -> None:
    """For everything that changes an event. Raises `event.not_yours`, `event.archived`."""
    check_runs(actor, event)
    if not permissions.may_change_event(actor, event):
        raise archived()


def archived() -> Refused:
    return Refused("event.archived", _("This event is archived. Restore it first."))


def check_delay(delay_s: int) -> None:
    if not DELAY_MIN_S <= delay_s <= DELAY_MAX_S:
        raise Refused(
            "stage.delay",
            _("Choose a Stage delay from %(least)s to %(most)s seconds.")
            % {"least": DELAY_MIN_S, "most": DELAY_MAX_S},
        )


def not_your_organization() -> Refused:
    return Refused(
        "organization.not_yours", _("You need to be an owner or admin of this organization to do that.")
    )


def new_slug(others: QuerySet[Organization] | QuerySet[Event], name: str, *, longest: int) -> str:
    """The name as an address, with signs behind it that nobody can guess.

    Always, not where somebody was faster: that would tell everybody of another's draft of the same name.
    """
    stem = slugify(name)[: longest - SLUG_SIGNS - 1].strip("-") or "event"
    while others.filter(slug=(slug := f"{stem}-{get_random_string(SLUG_SIGNS, SLUG_ALPHABET)}")).exists():
        pass
    return slug
