"""The line at the door of a full house."""

from django.conf import settings
from django.db.models import Q, QuerySet

from backstage.messages import HouseFull
from backstage.models import BackstageSession, Participant
from backstage.selectors.people import participant_inside
from events.models import User


def places_free(session: BackstageSession) -> int:
    """For people who are not organizers; those are not counted. Negative if the limit was lowered."""
    watchers = session.participants.filter(left_at__isnull=True, is_organizer=False).count()
    return int(settings.BACKSTAGE_PLACES) - watchers


def line_at_door(session: BackstageSession) -> QuerySet[Participant]:
    """Those who wait for a place, first come first."""
    return (
        session.participants.filter(waiting_since__isnull=False)
        .order_by("waiting_since", "id")
        .select_related("user")
    )


def would_wait(session: BackstageSession, user: User, *, organizer: bool) -> bool:
    """Whether somebody who comes now would find the house full. Only coming in itself decides."""
    if organizer or participant_inside(session, user) is not None:
        return False
    return places_free(session) <= 0 or line_at_door(session).exists()


def house_full(place: int) -> HouseFull:
    return HouseFull(places=settings.BACKSTAGE_PLACES, place=place)


def place_at_door(participant: Participant) -> int:
    """From 1; 0 if the person does not wait (any more)."""
    since = Participant.objects.values_list("waiting_since", flat=True).get(pk=participant.pk)
    if since is None:
        return 0
    before = Q(waiting_since__lt=since) | Q(waiting_since=since, id__lt=participant.pk)
    return 1 + participant.backstage_session.participants.filter(before).count()
