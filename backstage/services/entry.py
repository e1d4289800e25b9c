"""Being inside: who may come in, coming in, leaving."""

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import messages, permissions, selectors
from backstage.models import BackstageSession, Movement, Participant
from backstage.notices import TOUCHED
from backstage.services.announcing import locked
from backstage.services.door import (
    admit_waiting,
    announce_line,
    check_link,
    come_in,
    come_to_door,
    leave_line,
    link_dead,
)
from backstage.services.kept import is_over
from backstage.services.movements import note_movements
from backstage.services.places import vacate
from backstage.signals import participants_left
from events import services as events_services
from events.models import Event, Stage, User
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged


def backstage_of(stage: Stage) -> BackstageSession:
    """The Backstage of a Stage; made on first asking. Raises Refused `stage.elsewhere`."""
    if stage.provider != Stage.Provider.HOPIN:
        raise Refused(
            "stage.elsewhere", _("This Stage shows a video from elsewhere, so it has no Backstage.")
        )
    return BackstageSession.objects.get_or_create(stage=stage)[0]


def backstages_of(event: Event) -> None:
    """Makes the Backstages that the event's Stages still lack, as each would on first asking."""
    lacking = event.stages.filter(
        archived_at__isnull=True, provider=Stage.Provider.HOPIN, backstage__isnull=True
    )
    for stage in lacking:
        backstage_of(stage)


def check_entry(*, session: BackstageSession | None, actor: User) -> BackstageSession:
    """Whether the actor may come in by this link. Raises Refused: `link.dead`, `blocked`, `not_registered`.

    `session`: what `selectors.by_link` found for the link and the actor.
    """
    if session is None or not selectors.is_open(session):
        raise link_dead()
    _check_welcome(session.stage.event, actor)
    return session


def _check_welcome(event: Event, actor: User) -> None:
    """To whatever there is of this event. Raises Refused: `link.dead`, `blocked`, `not_registered`."""
    if permissions.may_enter(actor, event):
        return
    if not permissions.may_see_event(actor, event):
        # Not published: nobody is told that there will be such an event, nor that it has kept them out.
        raise link_dead()
    if permissions.is_blocked(actor, event):
        raise Refused(
            "blocked",
            _(
                "An organizer of this event has blocked you. Write to whoever invited you if this is a mistake."
            ),
        )
    raise Refused("not_registered", _("Register for this event first. Then open the link again."))


def check_inside(*, link_token: str, actor: User) -> Participant:
    """The actor, who came in by this link and is inside. Raises Refused as `check_entry`, and `not_inside`."""
    session = check_entry(session=selectors.by_link(link_token, actor), actor=actor)
    participant = selectors.participant_inside(session, actor)
    if participant is None:
        raise not_inside()
    participant.backstage_session = session
    return participant


def check_still_allowed(*, participant_id: UUID) -> Participant:
    """Whether somebody inside may stay: as for coming in, but for the link. Raises Refused as `check_entry` does.

    Whoever is no organizer any more has one of the counted places from now on, and the other way round.
    """
    try:
        participant = selectors.participant(participant_id)
    except Participant.DoesNotExist:
        # The organization was deleted, and all that belonged to it.
        raise link_dead() from None
    session = check_entry(session=participant.backstage_session, actor=participant.user)
    organizer = permissions.is_organizer(participant.user, session.stage.event)
    if participant.is_organizer != organizer:
        with locked(session.id):
            Participant.objects.filter(pk=participant_id).update(is_organizer=organizer)
        participant.is_organizer = organizer
    return participant


def check_still_inside(*, participant_id: UUID) -> Participant:
    """As `check_still_allowed`, and Refused `not_inside` for whoever has left."""
    participant = check_still_allowed(participant_id=participant_id)
    if participant.left_at is not None:
        raise not_inside()
    return participant


def check_still_directing(*, participant_id: UUID) -> None:
    """As `check_still_inside`, and Refused `forbidden` for whoever is no organizer (any more)."""
    check_directing(check_still_inside(participant_id=participant_id))


def check_directing(actor: Participant) -> None:
    """The rule for everything that only organizers may do, on the actor's row as it is now. Raises `forbidden`."""
    actor.refresh_from_db()
    if not permissions.may_direct(actor):
        raise forbidden()


def director(*, session: BackstageSession, actor: User) -> Participant:
    """An organizer as the one who directs this Backstage, inside or not. Raises Refused as `check_entry`, `forbidden`.

    Side effect: one who has never been inside gets a row that says so; it takes no place and is shown to nobody.
    """
    check_entry(session=session, actor=actor)
    if not permissions.is_organizer(actor, session.stage.event):
        raise forbidden()
    participant = _row_of(session, actor)
    participant.from_outside = True
    return participant


def forbidden() -> Refused:
    return Refused("forbidden", _("Only organizers can do this."))


def not_inside() -> Refused:
    return Refused("not_inside", _("Open the Backstage first."))


def check_watching(*, stage_id: UUID, actor: User) -> Stage:
    """Whether the actor may watch this Stage, wherever its picture comes from.

    Raises Refused: `stage.unknown`, `link.dead` (its event is not published), `blocked`, `not_registered`.
    """
    stage = selectors.stage(stage_id)
    if stage is None:
        raise Refused("stage.unknown", _("This Stage does not exist any more."))
    _check_welcome(stage.event, actor)
    return stage


def come_to_stage(*, stage_id: UUID, actor: User) -> Stage:
    """The actor watches this Stage from now on, and has come to the event. Raises Refused as `check_watching`."""
    stage = check_watching(stage_id=stage_id, actor=actor)
    events_services.note_came(user=actor, event=stage.event)
    return stage


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
        if participant.left_at is None and is_over(participant):
            end_visits(session, [participant])
        check_link(participant, link_token)
        if participant.left_at is None or organizer:
            come_in(participant, link_token)
        else:
            come_to_door(session, participant)
    return participant


def _row_of(session: BackstageSession, user: User) -> Participant:
    participant, _new = Participant.objects.select_related("user").get_or_create(
        backstage_session=session, user=user, defaults={"left_at": timezone.now()}
    )
    participant.backstage_session = session
    return participant


def leave(*, participant_id: UUID) -> None:
    """Gives the place back at once, inside or in the line at the door; the first in line comes in.

    Announces the tiles, tells the person's pages; moderation ends the request. Nothing happens to somebody who has
    left, or was deleted.
    """
    session_id = selectors.session_of(participant_id)
    if session_id is None:
        # Without the lock: where everybody was put out, their connections all come here at once.
        return
    with locked(session_id) as session:
        participant = Participant.objects.select_related("user").get(pk=participant_id)
        participant.backstage_session = session
        if participant.left_at is None:
            end_visits(session, [participant])
            admit_waiting(session)
        elif participant.waiting_since is not None:
            leave_line([participant])
            announce_line(session)


def leave_all(session: BackstageSession) -> None:
    """Everybody inside leaves; the line at the door does not move. Announces the tiles. Needs the lock."""
    end_visits(session, list(session.participants.filter(left_at__isnull=True).select_related("user")))


def end_visits(session: BackstageSession, leaving: Sequence[Participant]) -> None:
    """They have left, and are told so, each of them. Announces as `strike_out` does. Needs the lock."""
    # Before all else: of what follows from it they hear nothing.
    for participant in leaving:
        publish(groups.participant(participant.id), messages.YouLeft())
        # Their other lines.
        publish(groups.user(participant.user_id), AccessChanged())
    strike_out(session, leaving)


def strike_out(session: BackstageSession, leaving: Sequence[Participant]) -> None:
    """They are inside no more; whoever calls has told them. Needs the lock.

    Announces the tiles, once for all of them; moderation ends their requests.
    """
    if not leaving:
        return
    now = timezone.now()
    for participant in leaving:
        participant.left_at, participant.away_since = now, None
        participant.backstage_session = session
    ids = [participant.pk for participant in leaving]
    Participant.objects.filter(pk__in=ids).update(left_at=now, away_since=None)
    vacate(session, leaving)
    note_movements(Movement.Kind.LEFT, leaving)
    participants_left.send(sender=Participant, session=session, participants=leaving)
    publish(groups.STAGEHAND, TOUCHED)
