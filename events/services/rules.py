"""Rules that several services ask. Each raises Refused where it says no."""

from django.db.models import QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import permissions
from events.models import DELAY_MAX_S, DELAY_MIN_S, Event, Organization, User
from hopin_backstage.realtime import Refused


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


def free_slug(others: QuerySet[Organization] | QuerySet[Event], name: str, *, longest: int) -> str:
    """The name as an address, with a number behind it where somebody was faster."""
    stem = slugify(name)[: longest - 5].strip("-") or "event"
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
