"""Reads of events: those that a person runs or attends, and one with what belongs to it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from events import permissions
from events.models import Event, Organization, Registration, Speaker, Stage, User
from events.permissions import RUNS_ALL_EVENTS, Person
from events.selectors.places import places_taken


def events_run_by(user: User) -> QuerySet[Event]:
    """Events that the person runs, soonest first, with `registered`: how many are coming. Not the archived."""
    return _run_by(user).filter(archived_at__isnull=True).order_by("starts_at")


def archived_events_run_by(user: User) -> QuerySet[Event]:
    """As `events_run_by`, those that were put away; the last first."""
    return _run_by(user).filter(archived_at__isnull=False).order_by("-archived_at")


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


def events_of(user: User) -> QuerySet[Event]:
    """Those the user runs, the archived too, and those they attend."""
    run, attended = _run_by(user), events_attended_by(user).order_by()
    return Event.objects.filter(Q(pk__in=run.values("pk")) | Q(pk__in=attended.values("pk"))).select_related(
        "organization"
    )


def with_standing(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    """With `organizes` and `is_registered`: how the user stands to each."""
    return events.annotate(
        organizes=Exists(_run_by(user).filter(pk=OuterRef("pk"))),
        is_registered=Exists(Registration.objects.filter(event=OuterRef("pk"), user=user)),
    )


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


def _run_by(user: User) -> QuerySet[Event]:
    all_of = Organization.objects.filter(memberships__user=user, memberships__role__in=RUNS_ALL_EVENTS)
    assigned = Event.organizers.through.objects.filter(user_id=user.pk).values("event_id")
    return (
        Event.objects.filter(Q(organization__in=all_of) | Q(pk__in=assigned))
        .select_related("organization")
        .annotate(registered=places_taken())
    )
