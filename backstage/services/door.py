"""The seats inside, and the line at the door of a full house: first come, first in."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import messages, selectors
from backstage.models import BackstageSession, Movement, Participant
from backstage.notices import TOUCHED
from backstage.services.movements import note_movements
from events import services as events_services
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged


def link_dead() -> Refused:
    return Refused("link.dead", _("This link no longer works. Ask the organizer for the current one."))


def check_link(participant: Participant, link_token: str) -> None:
    """Raises Refused `link.dead` for whoever comes from outside by a link that was reset in this very moment."""
    if participant.left_at is not None and link_token != participant.backstage_session.link_token:
        raise link_dead()


def come_in(participant: Participant, link_token: str) -> None:
    """Has a seat, or the one that was kept, and has come to the event. Needs the lock, and the row as it is now."""
    if participant.left_at is not None:
        participant.entered_at = timezone.now()
        participant.link_token = link_token
        note_movements(Movement.Kind.CAME_IN, [participant])
    elif participant.away_since is not None:
        note_movements(Movement.Kind.BACK, [participant])
    participant.left_at = participant.away_since = participant.waiting_since = None
    participant.save(
        update_fields=[
            "entered_at",
            "link_token",
            "left_at",
            "away_since",
            "waiting_since",
            "is_organizer",
        ]
    )
    events_services.note_came(user=participant.user, event=participant.backstage_session.stage.event)
    publish(groups.STAGEHAND, TOUCHED)


def come_to_door(session: BackstageSession, participant: Participant) -> None:
    """At the end of the line, or back in the place that was kept; inside at once where nobody else is before them.

    Needs the lock.
    """
    is_new = participant.waiting_since is None
    if is_new:
        participant.waiting_since = timezone.now()
    participant.away_since = None
    participant.save(update_fields=["waiting_since", "away_since", "is_organizer"])
    admit_waiting(session)
    participant.refresh_from_db(fields=["left_at", "waiting_since", "entered_at", "link_token"])
    if is_new and participant.waiting_since is not None:
        note_movements(Movement.Kind.WAITS, [participant])


def admit_waiting(session: BackstageSession) -> None:
    """Lets those in who wait at the door, first come first, as far as there are places. Needs the lock.

    Whoever is away just now keeps their place in line, and holds up nobody.
    """
    free = selectors.places_free(session)
    if free <= 0:
        return
    admitted = list(selectors.line_at_door(session).filter(away_since__isnull=True)[:free])
    for participant in admitted:
        participant.backstage_session = session
        come_in(participant, session.link_token)
        publish(groups.participant(participant.id), messages.Admitted())
    if admitted:
        announce_line(session)


def announce_line(session: BackstageSession) -> None:
    """Those who wait at the door look up their places anew: one word, however many they are."""
    publish(groups.door(session.id), messages.LineMoved())


def leave_line(leaving: Collection[Participant]) -> None:
    """They wait no more, and are asked again whether they may. Needs the lock. The others are not told yet."""
    for participant in leaving:
        publish(groups.user(participant.user_id), AccessChanged())
    strike_from_line(leaving)


def strike_from_line(leaving: Collection[Participant]) -> None:
    """They wait no more; who is told, the caller says. Needs the lock."""
    for participant in leaving:
        participant.waiting_since = participant.away_since = None
    ids = [participant.pk for participant in leaving]
    Participant.objects.filter(pk__in=ids).update(waiting_since=None, away_since=None)
    note_movements(Movement.Kind.GAVE_UP, leaving)


def dissolve_line(session: BackstageSession) -> None:
    """Nobody waits at the door any more; whoever did is asked again whether they may. Needs the lock."""
    waiting = list(selectors.line_at_door(session))
    if waiting:
        publish(groups.door(session.id), AccessChanged())
        strike_from_line(waiting)
