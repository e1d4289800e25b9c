"""Events and who organizes them."""

import zoneinfo
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from events import permissions
from events.models import Event, Organization, User
from events.services.rules import check_organizer, free_slug, not_your_organization
from events.signals import blocked
from hopin_backstage.realtime import Refused


@transaction.atomic
def create_event(
    *,
    actor: User,
    organization: Organization,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str = "UTC",
    description: str = "",
    status: str = Event.Status.DRAFT,
    capacity: int | None = None,
    slug: str = "",
) -> Event:
    """Makes an event without stages.

    Raises Refused: `organization.not_yours`, `event.ends_before_start`, `event.time_zone`.
    """
    if not permissions.may_create_event(actor, organization):
        raise not_your_organization()
    if ends_at <= starts_at:
        raise Refused(
            "event.ends_before_start", _("An event has to end after it starts. Change one of the two.")
        )
    if time_zone not in zoneinfo.available_timezones():
        raise Refused("event.time_zone", _("There is no time zone of this name. Choose one from the list."))
    return Event.objects.create(
        organization=organization,
        name=name,
        slug=slug or free_slug(Event.objects.all(), name, longest=80),
        description=description,
        starts_at=starts_at,
        ends_at=ends_at,
        time_zone=time_zone,
        status=status,
        capacity=capacity,
    )


@transaction.atomic
def add_organizer(*, actor: User, event: Event, user: User) -> None:
    """The person may run the event from now on; a block on them ends. Raises Refused: `event.not_yours`."""
    check_organizer(actor, event)
    event.organizers.add(user)
    if event.blocks.filter(user=user).delete()[0]:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=False, blocked_in=None)
