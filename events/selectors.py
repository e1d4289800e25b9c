"""Reads of organizations, events and registrations: what pages are shown. No page asks the database."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from events import permissions
from events.models import Event, Invitation, Membership, Organization, Registration, Stage, User
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
    #: As it is shown; empty for whoever organizes events here without being a member.
    role: str
    is_member: bool
    #: Owner or admin.
    runs: bool


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


def dashboard_frame(user: User, organization: Organization) -> DashboardFrame:
    membership = Membership.objects.filter(organization=organization, user=user).first()
    return DashboardFrame(
        organization=organization,
        others=[other for other in organizations_of(user) if other.pk != organization.pk],
        role=membership.get_role_display() if membership else "",
        is_member=membership is not None,
        runs=membership is not None and membership.role in RUNS_ALL_EVENTS,
    )


def members_of(organization: Organization) -> QuerySet[Membership]:
    """Owners first, then admins, then members; by name."""
    rank = Case(
        *(When(role=role, then=Value(place)) for place, role in enumerate(Membership.Role.values)),
        output_field=IntegerField(),
    )
    return organization.memberships.select_related("user").order_by(rank, "user__display_name", "pk")


def member_by_email(organization: Organization, email: str) -> Membership | None:
    """By any address that the member's account has confirmed."""
    owned = Q(user__email__iexact=email) | Q(
        user__emailaddress__email__iexact=email, user__emailaddress__verified=True
    )
    return organization.memberships.filter(owned).first()


def open_invitations(organization: Organization) -> QuerySet[Invitation]:
    """Neither accepted nor withdrawn, the newest first; `is_expired`: the letter's link no longer works."""
    expired = ExpressionWrapper(Q(expires_at__lte=timezone.now()), output_field=BooleanField())
    return (
        organization.invitations.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)
        .select_related("invited_by")
        .annotate(is_expired=expired)
    )


def token_digest(token: str) -> str:
    """What is kept of the secret in an invitation's link."""
    return sha256(token.encode()).hexdigest()


def invitation_by_token(token: str) -> Invitation | None:
    """One whose link works. None also for one that was accepted, withdrawn, or is too old."""
    return (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(
            token_digest=token_digest(token),
            accepted_at__isnull=True,
            withdrawn_at__isnull=True,
            expires_at__gt=timezone.now(),
        )
        .first()
    )


@dataclass(frozen=True)
class Belongings:
    """What goes with an account."""

    registrations: int
    memberships: int


def belongings(user: User) -> Belongings:
    return Belongings(registrations=user.registrations.count(), memberships=user.memberships.count())


def owned_by(user: User) -> QuerySet[Organization]:
    return Organization.objects.filter(
        memberships__user=user, memberships__role=Membership.Role.OWNER
    ).order_by("pk")


def organizations_of_nobody_but(user: User) -> QuerySet[Organization]:
    """Those that the person alone belongs to."""
    others = Membership.objects.filter(organization=OuterRef("pk")).exclude(user=user)
    return Organization.objects.filter(~Exists(others), memberships__user=user).order_by("name")


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
