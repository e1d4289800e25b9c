"""Being inside: coming in, waiting at the door, being away, leaving."""

from datetime import timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import messages, permissions, selectors
from backstage.models import BackstageSession, Participant
from backstage.notices import TOUCHED
from backstage.services.announcing import locked
from backstage.services.places import vacate
from backstage.signals import participant_left
from events.models import Stage, User
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged
from hopin_backstage.realtime.presence import PRESENCE_RENEW_S, PRESENCE_TTL_S

#: How long a place on screen, a role and a request outlast a lost line.
PLACE_KEPT = timedelta(seconds=60)

#: How long the seat of somebody who only watches does, and a place in the line at the door. With the presence's own
#: time to end, a browser that dies without a word gives it back within 30 seconds. Longer than a presence takes to
#: be renewed, so that a Redis that starts empty empties no house.
SEAT_KEPT = timedelta(seconds=8)

#: What can be said of the silence of somebody whose presence has ended, with nobody to mark them away: it was to be
#: renewed this long ago, and was not.
UNRENEWED_FOR = timedelta(seconds=PRESENCE_TTL_S - PRESENCE_RENEW_S)


def backstage_of(stage: Stage) -> BackstageSession:
    """The Backstage of a Stage; made on first asking."""
    return BackstageSession.objects.get_or_create(stage=stage)[0]


def check_entry(*, session: BackstageSession | None, actor: User) -> BackstageSession:
    """Whether the actor may come in by this link. Raises Refused: `link.dead`, `blocked`, `not_registered`.

    `session`: what `selectors.by_link` found for the link and the actor.
    """
    if session is None:
        raise link_dead()
    event = session.stage.event
    if permissions.may_enter(actor, event):
        return session
    if permissions.is_blocked(actor, event):
        raise Refused(
            "blocked", _("An organizer of this event has blocked you. Contact them if this is a mistake.")
        )
    if not permissions.may_see_event(actor, event):
        # Not published: nobody is told that there will be such an event.
        raise link_dead()
    raise Refused("not_registered", _("Register for this event first. Then open the link again."))


def check_still_allowed(*, participant_id: UUID) -> None:
    """Whether somebody inside may stay: as for coming in, but for the link. Raises Refused as `check_entry` does."""
    participant = Participant.objects.select_related("user", "backstage_session__stage__event").get(
        pk=participant_id
    )
    check_entry(session=participant.backstage_session, actor=participant.user)


def check_still_inside(*, participant_id: UUID) -> None:
    """As `check_still_allowed`, and Refused `not_inside` for whoever has left."""
    check_still_allowed(participant_id=participant_id)
    if Participant.objects.filter(pk=participant_id, left_at__isnull=False).exists():
        raise not_inside()


def check_still_directing(*, participant_id: UUID) -> None:
    """As `check_still_inside`, and Refused `forbidden` for whoever is no organizer (any more)."""
    check_still_inside(participant_id=participant_id)
    participant = Participant.objects.select_related("user", "backstage_session__stage__event").get(
        pk=participant_id
    )
    if not permissions.may_direct(participant):
        raise Refused("forbidden", _("Only organizers can do this."))


def link_dead() -> Refused:
    return Refused("link.dead", _("This link no longer works. Ask the organizer for the current one."))


def not_inside() -> Refused:
    return Refused("not_inside", _("Open the Backstage first."))


def check_watching(*, stage_id: UUID, actor: User) -> BackstageSession:
    """Whether the actor may watch this Stage. Raises Refused: `stage.unknown`, `blocked`, `not_registered`."""
    session = selectors.of_stage(stage_id)
    if session is None:
        raise Refused("stage.unknown", _("This Stage does not exist any more."))
    return check_entry(session=session, actor=actor)


def enter(*, session: BackstageSession, actor: User, link_token: str) -> Participant:
    """The actor comes in by this link, or is back. The place, if one is still kept, is theirs again.

    Whoever finds all places for watchers taken, or others waiting for one, gets `waiting_since` and stays outside,
    in line. Raises Refused as `check_entry` does.
    """
    check_entry(session=session, actor=actor)
    organizer = permissions.is_organizer(actor, session.stage.event)
    with locked(session.id) as session:
        participant = _row_of(session, actor)
        participant.is_organizer = organizer
        if participant.left_at is None and _is_over(participant):
            _leave(session, participant)
        _check_link(participant, link_token)
        if participant.left_at is None or organizer:
            _come_in(participant, link_token)
        else:
            _join_line(participant)
            admit_waiting(session)
            participant.refresh_from_db(fields=["left_at", "waiting_since", "entered_at", "link_token"])
    return participant


def _check_link(participant: Participant, link_token: str) -> None:
    """Raises Refused `link.dead` for whoever comes from outside by a link that was reset in this very moment."""
    if participant.left_at is not None and link_token != participant.backstage_session.link_token:
        raise link_dead()


def _join_line(participant: Participant) -> None:
    """At its end, or back in the place that was kept."""
    participant.waiting_since = participant.waiting_since or timezone.now()
    participant.away_since = None
    participant.save()


def _row_of(session: BackstageSession, user: User) -> Participant:
    participant, _new = Participant.objects.select_related("user").get_or_create(
        backstage_session=session, user=user, defaults={"left_at": timezone.now()}
    )
    participant.backstage_session = session
    return participant


def _come_in(participant: Participant, link_token: str) -> None:
    if participant.left_at is not None:
        participant.entered_at = timezone.now()
        participant.link_token = link_token
    participant.left_at = participant.away_since = participant.waiting_since = None
    participant.save()
    publish(groups.STAGEHAND, TOUCHED)


def admit_waiting(session: BackstageSession) -> None:
    """Lets those in who wait at the door, first come first, as far as there are places. Needs the lock.

    Whoever is away just now keeps their place in line, and holds up nobody.
    """
    line = [each for each in selectors.line_at_door(session) if each.away_since is None]
    admitted = line[: max(0, selectors.places_free(session))]
    for participant in admitted:
        participant.backstage_session = session
        _come_in(participant, session.link_token)
        publish(groups.participant(participant.id), messages.Admitted())
    if admitted:
        announce_door(session)


def announce_door(session: BackstageSession) -> None:
    """Tells those who wait at the door their places. Needs the lock."""
    for place, participant in enumerate(selectors.line_at_door(session), start=1):
        publish(groups.participant(participant.id), selectors.house_full(place))


def mark_away(*, participant_id: UUID, silent_for: timedelta = timedelta()) -> None:
    """The last line of a person is lost, and nothing was heard from them for so long before.

    What they have is kept; the stagehand ends that after a while.
    """
    _mark_away({participant_id}, silent_for=silent_for)


def _mark_away(ids: set[UUID], *, silent_for: timedelta) -> None:
    _inside_or_waiting().filter(pk__in=ids, away_since__isnull=True).update(
        away_since=timezone.now() - silent_for
    )


def note_presence(*, session_id: UUID, present: set[str], at_door: set[str]) -> None:
    """Compares who is here (user ids, as the sockets' presences say) with who we think is.

    A web process that died could not mark its people away; whoever has been away too long leaves; and places that
    are free, be it because there are more of them than before, go to those who wait.
    """
    back, gone, over = [], [], []
    for participant in _inside_or_waiting().filter(backstage_session_id=session_id):
        here = str(participant.user_id) in present | at_door
        if here and participant.away_since is not None:
            back.append(participant)
        elif not here and participant.away_since is None:
            gone.append(participant)
        elif not here and _is_over(participant):
            over.append(participant.pk)
    Participant.objects.filter(pk__in=[each.pk for each in back]).update(away_since=None)
    # A seat is short, and counts from now; what is kept for a minute counts from the last word.
    seats = {each.pk for each in gone if not _has_something(each)}
    _mark_away(seats, silent_for=timedelta())
    _mark_away({each.pk for each in gone} - seats, silent_for=UNRENEWED_FOR)
    _end_visits(session_id, over)
    _tell_again(session_id, present, at_door)


def _inside_or_waiting() -> QuerySet[Participant]:
    return Participant.objects.exclude(left_at__isnull=False, waiting_since__isnull=True)


def _end_visits(session_id: UUID, over: list[UUID]) -> None:
    """Of those who are still away. Then the line moves, once for all of them."""
    if not over and not _could_admit(session_id):
        return
    with locked(session_id) as session:
        for participant in _inside_or_waiting().filter(pk__in=over).select_related("user"):
            participant.backstage_session = session
            if not _is_over(participant):
                continue
            if participant.left_at is None:
                _leave(session, participant, admit=False)
            else:
                _leave_line(participant)
        admit_waiting(session)
        announce_door(session)


def _could_admit(session_id: UUID) -> bool:
    """Without the lock: whether it is worth taking."""
    session = selectors.get(session_id)
    return any(each.away_since is None for each in selectors.line_at_door(session)) and (
        selectors.places_free(session) > 0
    )


def _tell_again(session_id: UUID, present: set[str], at_door: set[str]) -> None:
    """Whoever stands at the door although they have a place, or inside although they have left, missed being told."""
    everybody = Participant.objects.filter(backstage_session_id=session_id, waiting_since__isnull=True)
    for participant in everybody.filter(left_at__isnull=True, user_id__in=map(int, at_door)):
        publish(groups.participant(participant.id), messages.Admitted())
    for participant in everybody.filter(left_at__isnull=False, user_id__in=map(int, present)):
        publish(groups.participant(participant.id), messages.YouLeft())


def _is_over(participant: Participant) -> bool:
    """Whether a person has been away for longer than what they had is kept."""
    if participant.away_since is None:
        return False
    kept = PLACE_KEPT if _has_something(participant) else SEAT_KEPT
    return timezone.now() - participant.away_since > kept


def _has_something(participant: Participant) -> bool:
    """On screen, or in the queue."""
    return participant.is_asking or participant.slots.exists()


def leave(*, participant_id: UUID) -> None:
    """Gives the place back at once, inside or in the line at the door; the first in line comes in.

    Announces the tiles, tells the person's pages; moderation ends the request.
    """
    with locked(_session_of(participant_id)) as session:
        participant = Participant.objects.select_related("user").get(pk=participant_id)
        participant.backstage_session = session
        if participant.left_at is None:
            _leave(session, participant)
        elif participant.waiting_since is not None:
            _leave_line(participant)
            announce_door(session)


def _session_of(participant_id: UUID) -> UUID:
    return Participant.objects.values_list("backstage_session_id", flat=True).get(pk=participant_id)


def leave_all(session: BackstageSession) -> None:
    """Everybody inside leaves; the line at the door does not move. Announces the tiles. Needs the lock."""
    for participant in session.participants.filter(left_at__isnull=True).select_related("user"):
        participant.backstage_session = session
        _leave(session, participant, admit=False)


def dissolve_line(session: BackstageSession) -> None:
    """Nobody waits at the door any more; whoever did is asked again whether they may. Needs the lock."""
    for participant in selectors.line_at_door(session):
        _leave_line(participant)


def _leave_line(participant: Participant) -> None:
    participant.waiting_since = participant.away_since = None
    participant.save(update_fields=["waiting_since", "away_since"])
    publish(groups.user(participant.user_id), AccessChanged())


def _leave(session: BackstageSession, participant: Participant, *, admit: bool = True) -> None:
    participant.left_at = timezone.now()
    participant.away_since = None
    participant.save(update_fields=["left_at", "away_since"])
    vacate(session, participant)
    participant_left.send(sender=Participant, participant=participant)
    if admit:
        admit_waiting(session)
    publish(groups.participant(participant.id), messages.YouLeft())
    # Their other lines: whoever has left hears and sees nothing more.
    publish(groups.user(participant.user_id), AccessChanged())
    publish(groups.STAGEHAND, TOUCHED)
