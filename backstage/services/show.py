"""The show: on air, off air, and how far behind the Stage runs."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import selectors
from backstage.actions import Action
from backstage.messages import ShowState
from backstage.models import BackstageSession, Broadcast, Participant
from backstage.services.announcing import announce_show, locked
from backstage.services.entry import backstage_of, check_directing
from backstage.signals import acted
from events import services as events_services
from events.models import Stage, User
from hopin_backstage.realtime import Refused


def start_broadcast(*, actor: Participant) -> Broadcast:
    """From now on what is on screen goes to the Stage. Announces the show.

    Raises Refused: `forbidden`, `broadcast.already`, `broadcast.no_stage`.
    """
    with locked(actor.backstage_session_id) as session:
        check_directing(actor)
        # As it is under the lock, which whoever changes the provider holds: what was read with the row that we waited
        # for may be older.
        session.stage.refresh_from_db()
        if not selectors.is_open(session):
            raise Refused(
                "broadcast.no_stage", _("This Stage was archived, or shows a video from elsewhere now.")
            )
        if session.broadcasts.filter(stopped_at__isnull=True).exists():
            raise Refused("broadcast.already", _("This Backstage is being broadcast already."))
        # While the end of the last one still plays, the new one follows it through the same delay line.
        playing = session.broadcasts.filter(ended_at__isnull=True).first()
        broadcast = Broadcast.objects.create(
            backstage_session=session,
            delay_s=playing.delay_s if playing else session.stage.delay_s,
            started_by=actor.user,
        )
        _log(Action.BROADCAST_STARTED, actor.user, session)
        announce_show(session)
    return broadcast


def stop_broadcast(*, actor: Participant) -> Broadcast:
    """Nothing more goes to the Stage; what is on its way still arrives. Announces the show.

    Raises Refused: `forbidden`, `broadcast.not_on`.
    """
    with locked(actor.backstage_session_id) as session:
        check_directing(actor)
        return stop(session, by=actor.user)


def cut_now(*, actor: Participant) -> None:
    """Off air at once: what was captured and nobody has seen yet is destroyed, also of a broadcast that is ending.

    The stagehand empties the delay line when it is told. Announces the show. Raises Refused: `forbidden`,
    `broadcast.not_on`.
    """
    with locked(actor.backstage_session_id) as session:
        check_directing(actor)
        cut(session, by=actor.user)


def stop(session: BackstageSession, *, by: User, detail: str = "") -> Broadcast:
    """Announces the show. The caller has the lock, and has asked whether it may. Raises Refused `broadcast.not_on`."""
    broadcast = session.broadcasts.filter(stopped_at__isnull=True).first()
    if broadcast is None:
        raise Refused("broadcast.not_on", _("This Backstage is not being broadcast."))
    broadcast.stopped_at = timezone.now()
    broadcast.stopped_by = by
    broadcast.save(update_fields=["stopped_at", "stopped_by"])
    _log(Action.BROADCAST_STOPPED, by, session, detail)
    announce_show(session)
    return broadcast


def cut(session: BackstageSession, *, by: User, detail: str = "") -> None:
    """Announces the show. The caller has the lock, and has asked whether it may. Raises Refused `broadcast.not_on`."""
    now = timezone.now()
    cut = session.broadcasts.filter(ended_at__isnull=True, cut_at__isnull=True).update(
        cut_at=now,
        cut_by=by,
        stopped_at=Coalesce(F("stopped_at"), now),
        stopped_by=Coalesce(F("stopped_by"), by.pk),
    )
    if not cut:
        raise Refused("broadcast.not_on", _("The show is off air already."))
    _log(Action.CUT, by, session, detail)
    announce_show(session)


def _log(action: Action, actor: User | None, session: BackstageSession, detail: str = "") -> None:
    acted.send(
        sender=BackstageSession, action=action, actor=actor, session=session, target=None, detail=detail
    )


def stop_for_good(session: BackstageSession) -> None:
    """Nobody is there to stop it. Announces the show. Needs the lock."""
    if session.broadcasts.filter(stopped_at__isnull=True).update(stopped_at=timezone.now()):
        _log(Action.BROADCAST_STOPPED, None, session, "stage_closed")
        announce_show(session)


def set_delay(*, actor: User, stage: Stage, delay_s: int) -> None:
    """How far the Stage runs behind, from the next broadcast on. Raises Refused: `show.on_air`, and events' own."""
    with locked(backstage_of(stage).id) as session:
        if selectors.show(session).state != ShowState.OFF_AIR:
            raise Refused(
                "show.on_air", _("The Stage is on air. Stop Broadcasting first, then change the delay.")
            )
        # Somebody else may have set it while this waited.
        stage.refresh_from_db(fields=["delay_s"])
        events_services.set_stage_delay(actor=actor, stage=stage, delay_s=delay_s)
