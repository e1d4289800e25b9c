"""Reads of organizations, events and registrations: what pages are shown. No page asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

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
from django.db.models.functions import Coalesce, Lower
from django.utils import timezone

from events import permissions
from events.models import (
    Block,
    Event,
    Invitation,
    Membership,
    Organization,
    Registration,
    Speaker,
    Stage,
    User,
)
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
    """How many are registered, and how many of them have been at a Stage or in a Backstage."""

    registrations: int
    came: int
    capacity: int | None
    blocked: int
    stages: int

    @property
    def came_percent(self) -> int:
        return round(100 * self.came / self.registrations) if self.registrations else 0


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


def called(people: QuerySet[Any], words: str, *, person: str = "", by_address: bool) -> QuerySet[Any]:
    """Those who have every one of these words in the name; or in the address, for whoever sees addresses.

    `person`: the way from a row to whom it is about, with its underscores.
    """
    for word in words.split()[:8]:
        has_it = Q(**{f"{person}display_name__icontains": word})
        if by_address:
            has_it |= Q(**{f"{person}email__icontains": word})
        people = people.filter(has_it)
    return people


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
    """Events that the person runs, soonest first, with `registered`: how many are coming. Not the archived."""
    return _run_by(user).filter(archived_at__isnull=True).order_by("starts_at")


def archived_events_run_by(user: User) -> QuerySet[Event]:
    """As `events_run_by`, those that were put away; the last first."""
    return _run_by(user).filter(archived_at__isnull=False).order_by("-archived_at")


def _run_by(user: User) -> QuerySet[Event]:
    all_of = Organization.objects.filter(memberships__user=user, memberships__role__in=RUNS_ALL_EVENTS)
    assigned = Event.organizers.through.objects.filter(user_id=user.pk).values("event_id")
    return (
        Event.objects.filter(Q(organization__in=all_of) | Q(pk__in=assigned))
        .select_related("organization")
        .annotate(registered=_registered())
    )


def usual_time_zone(organization: Organization) -> str:
    """That of the event made last: the next one is likely to be there, too."""
    newest = organization.events.order_by("-created_at").values_list("time_zone", flat=True).first()
    return newest or "UTC"


def events_attended_by(user: User) -> QuerySet[Event]:
    """Published events the person registered for and is welcome at, soonest first."""
    return (
        Event.objects.filter(
            registrations__user=user, status=Event.Status.PUBLISHED, archived_at__isnull=True
        )
        .exclude(blocks__user=user)
        .select_related("organization")
        .order_by("starts_at")
    )


def with_standing(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    """With `organizes` and `is_registered`: how the user stands to each."""
    return events.annotate(
        organizes=Exists(_run_by(user).filter(pk=OuterRef("pk"))),
        is_registered=Exists(Registration.objects.filter(event=OuterRef("pk"), user=user)),
    )


def events_of(user: User) -> QuerySet[Event]:
    """Those the user runs, the archived too, and those they attend."""
    run, attended = _run_by(user), events_attended_by(user).order_by()
    return Event.objects.filter(Q(pk__in=run.values("pk")) | Q(pk__in=attended.values("pk"))).select_related(
        "organization"
    )


def registrations_of(event: Event) -> QuerySet[Registration]:
    """With people, `is_blocked` and `is_organizer`: for pages by cursor, whose order needs no look at all of them."""
    me = OuterRef("user_id")
    return event.registrations.select_related("user").annotate(
        is_blocked=Exists(Block.objects.filter(event=event, user_id=me)),
        is_organizer=ExpressionWrapper(_organizes(event, me), output_field=BooleanField()),
    )


def registration_of(user: User, event: Event) -> Registration | None:
    return event.registrations.filter(user=user).first()


def upcoming(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those that are not over: running ones too."""
    return events.filter(ends_at__gt=timezone.now())


def past(events: QuerySet[Event]) -> QuerySet[Event]:
    """Those that are over, the last first."""
    return events.filter(ends_at__lte=timezone.now()).order_by("-starts_at")


def event_for(user: Person, slug: str) -> Event | None:
    """None also where there is a draft, or an archived one, that the person may not see."""
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


def speakers_of(event: Event) -> QuerySet[Speaker]:
    """In the order the organizers gave them, with their links."""
    return event.speakers.prefetch_related("links")


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
    counted = event.registrations.aggregate(all=Count("pk"), came=Count("came_at"))
    return EventNumbers(
        registrations=counted["all"],
        came=counted["came"],
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


def people_of(event: Event) -> QuerySet[Registration]:
    """Who is registered, each with `sort_name`. How they stand to the event is asked of those that are shown."""
    return event.registrations.select_related("user").annotate(sort_name=Lower("user__display_name"))


def blocked_among(event: Event, people: QuerySet[Registration]) -> QuerySet[Registration]:
    return people.filter(Exists(Block.objects.filter(event=event, user_id=OuterRef("user_id"))))


def organizers_among(event: Event, people: QuerySet[Registration]) -> QuerySet[Registration]:
    return people.filter(_organizes(event, OuterRef("user_id")))


@dataclass(frozen=True)
class Row:
    """Somebody who is registered, and how they stand to the event."""

    registration: Registration
    is_blocked: bool
    is_assigned: bool
    """Organizer of this event."""
    runs_all: bool
    """Organizer of all events of the organization."""

    @property
    def is_organizer(self) -> bool:
        return self.is_assigned or self.runs_all


def rows_of(event: Event, shown: Sequence[Registration]) -> list[Row]:
    """Asked for these alone: in the query of a long list it would be asked for every row that is sorted."""
    people = [registration.user_id for registration in shown]
    blocked = set(event.blocks.filter(user__in=people).values_list("user_id", flat=True))
    assigned = set(_assigned_to(event).filter(user_id__in=people).values_list("user_id", flat=True))
    running = set(_running_all_of(event).filter(user__in=people).values_list("user_id", flat=True))
    return [
        Row(
            registration,
            is_blocked=registration.user_id in blocked,
            is_assigned=registration.user_id in assigned,
            runs_all=registration.user_id in running,
        )
        for registration in shown
    ]


@dataclass(frozen=True)
class Organizer:
    user: User
    role: str
    """In the organization, where that makes them an organizer; else empty, and it can be taken back."""


def organizers_of(event: Event) -> list[Organizer]:
    """Those of the event and those of all its organization's events, by name."""
    organizing = people_organizing(event).order_by(Lower("display_name"), "pk")
    return [
        Organizer(user, str(Membership.Role(user.role).label) if user.role else "") for user in organizing
    ]


def people_organizing(event: Event) -> QuerySet[Any]:
    """As `organizers_of`, each with `role`: the value of that in the organization, or empty."""
    running = _running_all_of(event)
    return User.objects.filter(
        Q(pk__in=running.values("user_id")) | Q(pk__in=_assigned_to(event).values("user_id"))
    ).annotate(role=Coalesce(Subquery(running.filter(user_id=OuterRef("pk")).values("role")[:1]), Value("")))


def members_to_assign(user: Person, event: Event) -> QuerySet[User]:
    """Members of the organization who could be made organizers of the event and are none yet, by name.

    They need not be registered: a member does not even see a draft. None for whoever may not see the members.
    """
    if not permissions.may_see_members(user, event.organization):
        return User.objects.none()
    running = _running_all_of(event).values("user_id")
    return (
        User.objects.filter(memberships__organization_id=event.organization_id)
        .exclude(Q(pk__in=running) | Q(pk__in=_assigned_to(event).values("user_id")))
        .order_by(Lower("display_name"), "pk")
    )


def person_to_assign(user: Person, event: Event, person_id: int) -> User | None:
    """Of those who could be made organizers, or are: who has to do with the event, and the members that `user` sees."""
    return person_at(event, person_id) or members_to_assign(user, event).filter(pk=person_id).first()


def blocked_elsewhere(event: Event) -> QuerySet[Block]:
    """Blocks on people who are not registered, and so stand in no list of those who are."""
    return (
        event.blocks.exclude(user__in=event.registrations.values("user_id"))
        .select_related("user")
        .order_by("created_at")
    )


def person_at(event: Event, user_id: int) -> User | None:
    """Somebody who has to do with the event; None for all others, whoever they may be."""
    return User.objects.filter(
        Q(pk__in=event.registrations.filter(user_id=user_id).values("user_id"))
        | Q(pk__in=event.blocks.filter(user_id=user_id).values("user_id"))
        | Q(pk__in=_assigned_to(event).filter(user_id=user_id).values("user_id"))
        | Q(pk__in=_running_all_of(event).filter(user_id=user_id).values("user_id")),
        pk=user_id,
    ).first()


def _organizes(event: Event, person: OuterRef) -> Q:
    """This event, or all of its organization's."""
    assigned = Exists(_assigned_to(event).filter(user_id=person))
    return Q(assigned) | Q(Exists(_running_all_of(event).filter(user_id=person)))


def _assigned_to(event: Event) -> QuerySet[Any]:
    return Event.organizers.through.objects.filter(event_id=event.pk)


def _running_all_of(event: Event) -> QuerySet[Membership]:
    return Membership.objects.filter(organization_id=event.organization_id, role__in=RUNS_ALL_EVENTS)
