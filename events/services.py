"""Every write of organizations, events, registrations and stages.

Keyword-only; `actor` is the person who asks; each is one transaction and raises Refused where a rule says no.
None of them reaches outside the database: what must follow in a Backstage is done by the layers above.
"""

import zoneinfo
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events import permissions
from events.models import (
    DELAY_DEFAULT_S,
    DELAY_MAX_S,
    DELAY_MIN_S,
    Block,
    Event,
    Membership,
    Organization,
    Registration,
    Stage,
    User,
)
from events.signals import blocked
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged


# --- Organizations ------------------------------------------------------------------------------------------
@transaction.atomic
def create_organization(*, actor: User, name: str, slug: str = "") -> Organization:
    """Makes an organization and, beside it, the membership that makes the actor its owner."""
    organization = Organization.objects.create(
        name=name, slug=slug or _free_slug(Organization.objects.all(), name, longest=50)
    )
    Membership.objects.create(organization=organization, user=actor, role=Membership.Role.OWNER)
    return organization


@transaction.atomic
def add_member(
    *, actor: User, organization: Organization, user: User, role: str = Membership.Role.MEMBER
) -> Membership:
    """Takes a person into the organization, or gives a member another role.

    Raises Refused: `organization.not_yours`, `organization.owners_only`, `organization.last_owner`.
    """
    if not permissions.may_run_organization(actor, organization):
        raise _not_your_organization()
    # The organization's row is the lock: two owners who step down at once must not leave it without one.
    Organization.objects.select_for_update().get(pk=organization.pk)
    roles = dict(organization.memberships.values_list("user_id", "role"))
    touches_an_owner = Membership.Role.OWNER in (role, roles.get(user.pk))
    if touches_an_owner and roles.get(actor.pk) != Membership.Role.OWNER:
        raise Refused("organization.owners_only", _("Only an owner can make or unmake owners."))
    owners = [pk for pk, held in roles.items() if held == Membership.Role.OWNER]
    if owners == [user.pk] and role != Membership.Role.OWNER:
        raise Refused("organization.last_owner", _("Make somebody else an owner first. One has to stay."))
    membership, _new = Membership.objects.update_or_create(
        organization=organization, user=user, defaults={"role": role}
    )
    ask_again(user)
    return membership


# --- Events -------------------------------------------------------------------------------------------------
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
        raise _not_your_organization()
    if ends_at <= starts_at:
        raise Refused(
            "event.ends_before_start", _("An event has to end after it starts. Change one of the two.")
        )
    if time_zone not in zoneinfo.available_timezones():
        raise Refused("event.time_zone", _("There is no time zone of this name. Choose one from the list."))
    return Event.objects.create(
        organization=organization,
        name=name,
        slug=slug or _free_slug(Event.objects.all(), name, longest=80),
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
    _check_organizer(actor, event)
    event.organizers.add(user)
    if event.blocks.filter(user=user).delete()[0]:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=False, blocked_in=None)


# --- Stages -------------------------------------------------------------------------------------------------
@transaction.atomic
def create_stage(*, actor: User, event: Event, name: str, delay_s: int = DELAY_DEFAULT_S) -> Stage:
    """Adds a Stage behind the others; `delay_s` in seconds.

    Raises Refused: `event.not_yours`, `stage.delay`.
    """
    _check_organizer(actor, event)
    _check_delay(delay_s)
    last = event.stages.order_by("-position").values_list("position", flat=True).first()
    position = 0 if last is None else last + 1
    return Stage.objects.create(event=event, name=name, position=position, delay_s=delay_s)


@transaction.atomic
def set_stage_delay(*, actor: User, stage: Stage, delay_s: int) -> Stage:
    """Sets how many seconds the Stage runs behind, from the next broadcast on.

    Whether one is running now is asked by `backstage`, which knows.
    Raises Refused: `event.not_yours`, `stage.delay`.
    """
    _check_organizer(actor, stage.event)
    _check_delay(delay_s)
    stage.delay_s = delay_s
    stage.save(update_fields=["delay_s"])
    return stage


# --- Coming to an event -------------------------------------------------------------------------------------
@transaction.atomic
def register(*, actor: User, event: Event) -> Registration:
    """The actor may come; asking twice is asking once.

    Raises Refused: `event.unknown`, `event.over`, and `registration.` `blocked`, `closed` or `full`.
    """
    # The event's row is the lock: the last place is given once, however many ask for it at the same moment.
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_welcome(actor, event)
    if there := event.registrations.filter(user=actor).first():
        return there
    _check_open(event)
    return Registration.objects.create(event=event, user=actor)


@transaction.atomic
def unregister(*, actor: User, event: Event) -> None:
    """Gives the actor's place back, and ends their visits. Nothing happens to somebody who has none."""
    event.registrations.filter(user=actor).delete()
    ask_again(actor)


@transaction.atomic
def block(*, actor: User, event: Event, user: User, blocked_in: UUID | None = None) -> Block:
    """Keeps a person out of the event, and ends their visits; the registration stays, unblocking gives it back.

    `blocked_in`: the Backstage session where it was done, for whoever keeps a log.
    Raises Refused: `event.not_yours`, `block.organizer`.
    """
    _check_organizer(actor, event)
    if permissions.is_organizer(user, event):
        raise Refused(
            "block.organizer",
            _("%(name)s is an organizer of this event and cannot be blocked.") % {"name": user},
        )
    row, new = Block.objects.get_or_create(event=event, user=user, defaults={"by": actor})
    if new:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=True, blocked_in=blocked_in)
    ask_again(user)
    return row


@transaction.atomic
def unblock(*, actor: User, event: Event, user: User) -> None:
    """Lets a person in again; support staff may do it, too. Raises Refused: `event.not_yours`."""
    if not permissions.is_support_for_blocks(actor):
        _check_organizer(actor, event)
    if event.blocks.filter(user=user).delete()[0]:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=False, blocked_in=None)


def ask_again(user: User) -> None:
    """On commit, every open connection of this person asks anew whether it may go on."""
    publish(groups.user(user.pk), AccessChanged())


# --- Rules that several of them ask -------------------------------------------------------------------------
def _check_organizer(actor: User, event: Event) -> None:
    if not permissions.is_organizer(actor, event):
        raise Refused("event.not_yours", _("You need to be an organizer of this event to do that."))


def _check_delay(delay_s: int) -> None:
    if not DELAY_MIN_S <= delay_s <= DELAY_MAX_S:
        raise Refused(
            "stage.delay",
            _("Choose a Stage delay from %(least)s to %(most)s seconds.")
            % {"least": DELAY_MIN_S, "most": DELAY_MAX_S},
        )


def _check_welcome(actor: User, event: Event) -> None:
    if not permissions.may_see_event(actor, event):
        raise Refused(
            "event.unknown", _("There is no such event. Check the link with whoever sent it to you.")
        )
    if permissions.is_blocked(actor, event):
        raise Refused(
            "registration.blocked",
            _("An organizer of this event has blocked you. Contact them if this is a mistake."),
        )


def _check_open(event: Event) -> None:
    if event.ends_at <= timezone.now():
        raise Refused("event.over", _("This event is over. You can no longer register."))
    if not event.registration_open:
        raise Refused(
            "registration.closed", _("Registration is closed. Ask the organizer whether you can still come.")
        )
    if event.capacity is not None and event.registrations.count() >= event.capacity:
        raise Refused(
            "registration.full", _("All places are taken. Ask the organizer whether one becomes free.")
        )


def _not_your_organization() -> Refused:
    return Refused(
        "organization.not_yours", _("You need to be an owner or admin of this organization to do that.")
    )


def _free_slug(others: QuerySet[Organization] | QuerySet[Event], name: str, *, longest: int) -> str:
    """The name as an address, with a number behind it where somebody was faster."""
    stem = slugify(name)[: longest - 5].strip("-") or "event"
    taken = set(others.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug
