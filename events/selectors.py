"""Reads of organizations, events and registrations: what pages are shown. No page asks the database."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from events import permissions
from events.models import Block, Event, Membership, Organization, Registration, Speaker, Stage, User
from events.permissions import RUNS_ALL_EVENTS, Person


class Standing(StrEnum):
    """How a person stands to an event, and so what its page offers."""

    ORGANIZER = "organizer"
    REGISTERED = "registered"
    BLOCKED = "blocked"
    OVER = "over"
    CLOSED = "closed"
    FULL = "full"
    MAY_REGISTER = "may_register"


@dataclass(frozen=True)
class DashboardFrame:
    """What surrounds every page of an organization's dashboard."""

    organization: Organization
    others: list[Organization]
    role: str


@dataclass(frozen=True)
class EventNumbers:
    registrations: int
    capacity: int | None
    blocked: int
    stages: int


def organizations_of(user: User) -> QuerySet[Organization]:
    """Those I belong to, and those whose events I organize."""
    return (
        Organization.objects.filter(Q(memberships__user=user) | Q(events__organizers=user))
        .distinct()
        .order_by("name")
    )


def organization_for(user: Person, slug: str) -> Organization | None:
    """None also where there is one that the person may not see."""
    organization = Organization.objects.filter(slug=slug).first()
    if organization is None or not permissions.may_see_organization(user, organization):
        return None
    return organization


def with_role(organizations: QuerySet[Organization], user: User) -> QuerySet[Organization]:
    """With `role`: the user's in each; "" for whoever only organizes events of it."""
    mine = Membership.objects.filter(organization=OuterRef("pk"), user=user).values("role")
    return organizations.annotate(role=Coalesce(Subquery(mine), Value("")))


def dashboard_frame(user: User, organization: Organization) -> DashboardFrame:
    membership = Membership.objects.filter(organization=organization, user=user).first()
    return DashboardFrame(
        organization=organization,
        others=[other for other in organizations_of(user) if other.pk != organization.pk],
        role=membership.get_role_display() if membership else "",
    )


def events_run_by(user: User) -> QuerySet[Event]:
    """Events whose dashboard the person may open, soonest first, with `registered`: how many are coming."""
    all_of = Organization.objects.filter(memberships__user=user, memberships__role__in=RUNS_ALL_EVENTS)
    assigned = Event.organizers.through.objects.filter(user_id=user.pk).values("event_id")
    return (
        Event.objects.filter(Q(organization__in=all_of) | Q(pk__in=assigned))
        .select_related("organization")
        .annotate(registered=_registered())
        .order_by("starts_at")
    )


def events_attended_by(user: User) -> QuerySet[Event]:
    """Published events the person registered for and is welcome at, soonest first."""
    return (
        Event.objects.filter(registrations__user=user, status=Event.Status.PUBLISHED)
        .exclude(blocks__user=user)
        .select_related("organization")
        .order_by("starts_at")
    )


def with_standing(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    """With `organizes` and `is_registered`: how the user stands to each."""
    return events.annotate(
        organizes=Exists(events_run_by(user).filter(pk=OuterRef("pk"))),
        is_registered=Exists(Registration.objects.filter(event=OuterRef("pk"), user=user)),
    )


def events_of(user: User) -> QuerySet[Event]:
    """Those the user runs, and those they attend: what stands on their first page."""
    run, attended = events_run_by(user).order_by(), events_attended_by(user).order_by()
    return Event.objects.filter(Q(pk__in=run.values("pk")) | Q(pk__in=attended.values("pk"))).select_related(
        "organization"
    )


def registrations_of(event: Event) -> QuerySet[Registration]:
    """With the people, and `is_blocked`."""
    blocked = Block.objects.filter(event=event, user=OuterRef("user"))
    return event.registrations.select_related("user").annotate(is_blocked=Exists(blocked))


def registration_of(user: User, event: Event) -> Registration | None:
    return event.registrations.filter(user=user).first()


def speakers_of(event: Event) -> QuerySet[Speaker]:
    return event.speakers.prefetch_related("links")


def upcoming(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those that are not over: running ones too."""
    return events.filter(ends_at__gt=timezone.now())


def past(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those that are over, the last first."""
    return events.filter(ends_at__lte=timezone.now()).order_by("-starts_at")


def event_for(user: Person, slug: str) -> Event | None:
    """None also where there is a draft that the person may not see."""
    event = Event.objects.select_related("organization").filter(slug=slug).first()
    if event is None or not permissions.may_see_event(user, event):
        return None
    return event


def event_to_run(user: Person, slug: str) -> Event | None:
    """None also where there is an event whose dashboard the person may not open."""
    event = Event.objects.select_related("organization").filter(slug=slug).first()
    if event is None or not permissions.may_see_dashboard(user, event):
        return None
    return event


def stages_of(event: Event) -> QuerySet[Stage]:
    """In the order the organizers gave them, without the archived."""
    return event.stages.filter(archived_at__isnull=True)


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


def numbers(event: Event) -> EventNumbers:
    return EventNumbers(
        registrations=event.registrations.count(),
        capacity=event.capacity,
        blocked=event.blocks.count(),
        stages=stages_of(event).count(),
    )


def _registered() -> Coalesce:
    """A subquery, since a join would multiply the rows of the events."""
    counted = (
        Registration.objects.filter(event=OuterRef("pk"))
        .order_by()
        .values("event")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
