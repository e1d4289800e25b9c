"""Who is registered for an event or blocked from it, and how they stand to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from events.models import Block, Event, Registration, User
from events.selectors.organizers import assigned_to, organizes, running_all_of
from hopin_backstage.moments import EARLIEST


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


def people_of(event: Event) -> QuerySet[Registration]:
    """Who is registered, each with `sort_name` and `sort_came`.

    How they stand to the event is asked of those that are shown.
    """
    return event.registrations.select_related("user").annotate(
        sort_name=Lower("user__display_name"),
        # Databases are of two minds where nothing stands; whoever never came is the last of those who came lately.
        sort_came=Coalesce("came_at", Value(EARLIEST)),
    )


def rows_of(event: Event, shown: Sequence[Registration]) -> list[Row]:
    """Asked for these alone: in the query of a long list it would be asked for every row that is sorted."""
    people = [registration.user_id for registration in shown]
    blocked = set(event.blocks.filter(user__in=people).values_list("user_id", flat=True))
    assigned = set(assigned_to(event).filter(user_id__in=people).values_list("user_id", flat=True))
    running = set(running_all_of(event).filter(user__in=people).values_list("user_id", flat=True))
    return [
        Row(
            registration,
            is_blocked=registration.user_id in blocked,
            is_assigned=registration.user_id in assigned,
            runs_all=registration.user_id in running,
        )
        for registration in shown
    ]


def registrations_of(event: Event) -> QuerySet[Registration]:
    """With people, `is_blocked` and `is_organizer`: for pages by cursor, whose order needs no look at all of them."""
    me = OuterRef("user_id")
    return event.registrations.select_related("user").annotate(
        is_blocked=Exists(Block.objects.filter(event=event, user_id=me)),
        is_organizer=ExpressionWrapper(organizes(event, me), output_field=BooleanField()),
    )


def registration_of(user: User, event: Event) -> Registration | None:
    return event.registrations.filter(user=user).first()


def blocked_among(event: Event, people: QuerySet[Registration]) -> QuerySet[Registration]:
    return people.filter(Exists(Block.objects.filter(event=event, user_id=OuterRef("user_id"))))


def organizers_among(event: Event, people: QuerySet[Registration]) -> QuerySet[Registration]:
    return people.filter(organizes(event, OuterRef("user_id")))


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
        | Q(pk__in=assigned_to(event).filter(user_id=user_id).values("user_id"))
        | Q(pk__in=running_all_of(event).filter(user_id=user_id).values("user_id")),
        pk=user_id,
    ).first()
