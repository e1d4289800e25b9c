"""Who organizes an event: those assigned to it, and those who run all events of its organization."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from events.models import Event, Membership, User
from events.permissions import RUNS_ALL_EVENTS


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
    running = running_all_of(event)
    return User.objects.filter(
        Q(pk__in=running.values("user_id")) | Q(pk__in=assigned_to(event).values("user_id"))
    ).annotate(role=Coalesce(Subquery(running.filter(user_id=OuterRef("pk")).values("role")[:1]), Value("")))


def organizes(event: Event, person: OuterRef) -> Q:
    """This event, or all of its organization's."""
    assigned = Exists(assigned_to(event).filter(user_id=person))
    return Q(assigned) | Q(Exists(running_all_of(event).filter(user_id=person)))


def assigned_to(event: Event) -> QuerySet[Any]:
    return Event.organizers.through.objects.filter(event_id=event.pk)


def running_all_of(event: Event) -> QuerySet[Membership]:
    return Membership.objects.filter(organization_id=event.organization_id, role__in=RUNS_ALL_EVENTS)
