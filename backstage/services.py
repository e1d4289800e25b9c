"""Every write of the Backstage. Each is one transaction, and announces itself when that is committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import messages, permissions, selectors
from backstage.models import SLOTS, BackstageSession, Broadcast, Participant, Slot
from backstage.notices import TOUCHED
from backstage.signals import participant_left
from events import services as events_services
from events.models import Stage, User
from hopin_backstage.realtime import Refused, groups, publish
from hopin_backstage.realtime.access import AccessChanged

#: How long a place, a role and a request outlast a lost line.
PLACE_KEPT = timedelta(seconds=60)


# --- Announcing ----------------------------
@contextmanager
def locked(session_id: UUID) -> Iterator[BackstageSession]:
    """One writer at a time for each Backstage: its row is the lock, so its revisions have no gaps."""
    with transaction.atomic():
        yield (
            BackstageSession.objects.select_for_update(of=("self",))
            .select_related("stage__event")
            .get(pk=session_id)
        )


def announce_tiles(session: BackstageSession) -> None:
    """Tells people inside the tiles, media connections the feeds, and the stagehand to look. Needs the lock."""
    revision = _next_revision(session)
    publish(
        groups.backstage(session.id),
        messages.TilesChanged(tiles=selectors.tiles(session)),
        revision=revision,
    )
    publish(groups.media(session.id), messages.SlotFeeds(feeds=selectors.feeds(session), revision=revision))
    publish(groups.STAGEHAND, TOUCHED)


def announce_show(session: BackstageSession) -> None:
    """Tells people inside the state of the show, and the stagehand to look. Needs the lock."""
    publish(
        groups.backstage(session.id),
        messages.ShowChanged(show=selectors.show(session)),
        revision=_next_revision(session),
    )
    publish(groups.STAGEHAND, TOUCHED)


def announce_people(session: BackstageSession, *, watching: int) -> None:
    publish(
        groups.backstage(session.id),
        messages.PeopleChanged(
            people=selectors.people_inside(session), watching=watching, as_of=session.revision
        ),
    )


def _next_revision(session: BackstageSession) -> int:
    session.revision += 1
    session.save(update_fields=["revision"])
    return session.revision


# --- Being inside ----------------------------
def backstage_of(stage: Stage) -> BackstageSession:
    """The Backstage of a Stage; made on first asking."""
    return BackstageSession.objects.get_or_create(stage=stage)[0]


def check_entry(*, session: BackstageSession | None, actor: User) -> BackstageSession:
    """Whether the actor may come in by this link. Raises Refused: `link.dead`, `blocked`, `not_registered`."""
    if session is None:
        raise Refused("link.dead", _("This link no longer works. Ask the organizer for the current one."))
    event = session.stage.event
    if permissions.may_enter(actor, event):
        return session
    if permissions.is_blocked(actor, event):
        raise Refused(
            "blocked", _("An organizer of this event has blocked you. Contact them if this is a mistake.")
        )
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


def not_inside() -> Refused:
    return Refused("not_inside", _("Open the Backstage first."))


def check_watching(*, stage_id: UUID, actor: User) -> BackstageSession:
    """Whether the actor may watch this Stage. Raises Refused: `stage.unknown`, `blocked`, `not_registered`."""
    session = selectors.of_stage(stage_id)
    if session is None:
        raise Refused("stage.unknown", _("This Stage does not exist any more."))
    return check_entry(session=session, actor=actor)


def enter(*, session: BackstageSession, actor: User) -> Participant:
    """The actor comes in, or is back. The place, if one is still kept, is theirs again."""
    check_entry(session=session, actor=actor)
    organizer = permissions.is_organizer(actor, session.stage.event)
    with locked(session.id) as session:
        participant, _new = Participant.objects.select_related("user").get_or_create(
            backstage_session=session, user=actor
        )
        participant.backstage_session = session
        if participant.left_at is not None:
            participant.entered_at = timezone.now()
        participant.is_organizer = organizer
        participant.left_at = participant.away_since = None
        participant.save()
        publish(groups.STAGEHAND, TOUCHED)
    return participant


def mark_away(*, participant_id: UUID) -> None:
    """The last line of a person is lost. Place and request are kept; the stagehand ends that after a while."""
    Participant.objects.filter(pk=participant_id, left_at__isnull=True, away_since__isnull=True).update(
        away_since=timezone.now()
    )


def note_presence(*, session_id: UUID, present: set[str]) -> None:
    """Compares who is here (user ids, as the sockets' presences say) with who we think is.

    A web process that died could not mark its people away; and whoever has been away too long leaves.
    """
    now = timezone.now()
    for participant in Participant.objects.filter(backstage_session_id=session_id, left_at__isnull=True):
        here = str(participant.user_id) in present
        if here and participant.away_since is not None:
            Participant.objects.filter(pk=participant.pk).update(away_since=None)
        elif not here and participant.away_since is None:
            mark_away(participant_id=participant.pk)
        elif not here and participant.away_since is not None and now - participant.away_since > PLACE_KEPT:
            leave_if_still_away(participant_id=participant.pk)
    # A page that is open although its person has left missed being told.
    for participant in Participant.objects.filter(
        backstage_session_id=session_id, left_at__isnull=False, user_id__in=map(int, present)
    ):
        publish(groups.participant(participant.id), messages.YouLeft())


def leave(*, participant_id: UUID) -> None:
    """Gives the place back at once. Announces the tiles, tells the person's pages; moderation ends the request."""
    participant = Participant.objects.select_related("user").get(pk=participant_id)
    with locked(participant.backstage_session_id) as session:
        _leave(session, participant)


def leave_if_still_away(*, participant_id: UUID) -> None:
    """As `leave`, unless the person came back in this very moment."""
    participant = Participant.objects.select_related("user").get(pk=participant_id)
    with locked(participant.backstage_session_id) as session:
        participant.refresh_from_db(fields=["away_since"])
        if participant.away_since is not None:
            _leave(session, participant)


def _leave(session: BackstageSession, participant: Participant) -> None:
    participant.left_at = timezone.now()
    participant.save(update_fields=["left_at"])
    freed, _by_kind = participant.slots.all().delete()
    participant_left.send(sender=Participant, participant=participant)
    if freed:
        announce_tiles(session)
    publish(groups.participant(participant.id), messages.YouLeft())
    # Their other lines: whoever has left hears and sees nothing more.
    publish(groups.user(participant.user_id), AccessChanged())
    publish(groups.STAGEHAND, TOUCHED)


# --- Places on screen ----------------------------
def take_place(*, actor: Participant, microphone: bool, camera: bool) -> Slot:
    """The actor comes on screen by themselves. Raises Refused: `request.needed`, `stage.full`."""
    with locked(actor.backstage_session_id):
        actor.refresh_from_db()
        if not permissions.may_take_place(actor):
            raise Refused("request.needed", _("Ask to share first. An organizer can then put you on screen."))
        return put_on_screen(participant=actor, microphone=microphone, camera=camera)


def put_on_screen(*, participant: Participant, microphone: bool, camera: bool) -> Slot:
    """Gives a person the first free place; twice changes nothing. Announces the tiles. Raises Refused `stage.full`.

    The caller has asked whether it may. Concurrent callers queue at the Backstage's row; should that lock ever
    fail to hold, the unique constraint on the place does.
    """
    with locked(participant.backstage_session_id) as session:
        held = participant.slots.filter(kind=Slot.Kind.CAMERA).first()
        if held:
            return held
        participant.refresh_from_db(fields=["left_at"])
        if participant.left_at is not None:
            raise Refused("request.gone", _("This person has left the Backstage."))
        taken = set(session.slots.values_list("index", flat=True))
        free = [index for index in range(1, SLOTS + 1) if index not in taken]
        if not free:
            raise stage_full()
        try:
            with transaction.atomic():
                slot = Slot.objects.create(
                    backstage_session=session,
                    participant=participant,
                    index=free[0],
                    microphone_on=microphone,
                    camera_on=camera,
                )
        except IntegrityError as error:
            raise stage_full() from error
        Participant.objects.filter(pk=participant.pk).update(may_return=True)
        publish(groups.participant(participant.id), messages.MayReturnChanged(may_return=True))
        announce_tiles(session)
    return slot


def stage_full() -> Refused:
    return Refused(
        "stage.full", _("Five people are on screen. Remove one first, or wait until a place is free.")
    )


def give_place(*, actor: Participant) -> None:
    """The actor leaves the screen and may return without asking. Announces the tiles."""
    with locked(actor.backstage_session_id) as session:
        freed, _by_kind = actor.slots.all().delete()
        if freed:
            announce_tiles(session)


def take_off_screen(*, participant: Participant) -> bool:
    """A person is removed from the screen and must ask again. Announces the tiles. Returns whether they were on it.

    The caller has asked whether it may.
    """
    with locked(participant.backstage_session_id) as session:
        Participant.objects.filter(pk=participant.pk).update(may_return=False)
        publish(groups.participant(participant.id), messages.MayReturnChanged(may_return=False))
        freed, _by_kind = participant.slots.all().delete()
        if freed:
            announce_tiles(session)
    return bool(freed)


def set_devices(*, actor: Participant, microphone: bool, camera: bool) -> None:
    """The actor switched a device on or off. Announces the tiles. Raises Refused `publish.not_on_screen`."""
    with locked(actor.backstage_session_id) as session:
        slot = session.slots.filter(participant=actor, kind=Slot.Kind.CAMERA).first()
        if slot is None:
            raise not_on_screen()
        if (slot.microphone_on, slot.camera_on) == (microphone, camera):
            return
        slot.microphone_on, slot.camera_on = microphone, camera
        slot.save(update_fields=["microphone_on", "camera_on"])
        announce_tiles(session)


def not_on_screen() -> Refused:
    return Refused("publish.not_on_screen", _("You are not on screen. An organizer can put you there."))


# --- What Janus carries ----------------------------
def claim_place(*, actor: Participant, feed: int) -> tuple[UUID, int | None]:
    """The actor's page is about to publish `feed` into the actor's place, in place of any other page of theirs.

    Returns the place, and the feed that is in it until now. Raises Refused `publish.not_on_screen`.
    """
    with locked(actor.backstage_session_id) as session:
        slot = session.slots.filter(
            participant=actor, kind=Slot.Kind.CAMERA, participant__left_at__isnull=True
        ).first()
        if slot is None:
            raise not_on_screen()
        slot.claimed_by = feed
        slot.save(update_fields=["claimed_by"])
    return slot.id, slot.feed


def feed_started(*, slot_id: UUID, feed: int, janus_session: int, janus_handle: int) -> bool:
    """Media of a place reach Janus. Announces the tiles. False if the place was given back or claimed meanwhile."""
    return _set_feed(
        slot_id, {"claimed_by": feed}, feed=feed, janus_session=janus_session, janus_handle=janus_handle
    )


def feed_stopped(*, slot_id: UUID, feed: int) -> bool:
    """Media of a place no longer reach Janus. Announces the tiles. False if another feed is there already."""
    return _set_feed(slot_id, {"feed": feed}, feed=None, janus_session=None, janus_handle=None)


def _set_feed(slot_id: UUID, only_if: dict[str, int], **values: int | None) -> bool:
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        return False
    with locked(slot.backstage_session_id) as session:
        if not session.slots.filter(pk=slot_id, **only_if).update(**values):
            return False
        announce_tiles(session)
    return True


# --- The show ----------------------------
def start_broadcast(*, actor: Participant) -> Broadcast:
    """From now on what is on screen goes to the Stage. Announces the show.

    Raises Refused: `forbidden`, `broadcast.already`.
    """
    with locked(actor.backstage_session_id) as session:
        _check_direct(actor)
        if session.broadcasts.filter(stopped_at__isnull=True).exists():
            raise Refused("broadcast.already", _("This Backstage is being broadcast already."))
        # While the end of the last one still plays, the new one follows it through the same delay line.
        playing = session.broadcasts.filter(ended_at__isnull=True).first()
        broadcast = Broadcast.objects.create(
            backstage_session=session,
            delay_s=playing.delay_s if playing else session.stage.delay_s,
            started_by=actor.user,
        )
        announce_show(session)
    return broadcast


def stop_broadcast(*, actor: Participant) -> Broadcast:
    """Nothing more goes to the Stage; what is on its way still arrives. Announces the show.

    Raises Refused: `forbidden`, `broadcast.not_on`.
    """
    with locked(actor.backstage_session_id) as session:
        _check_direct(actor)
        broadcast = session.broadcasts.filter(stopped_at__isnull=True).first()
        if broadcast is None:
            raise Refused("broadcast.not_on", _("This Backstage is not being broadcast."))
        broadcast.stopped_at = timezone.now()
        broadcast.stopped_by = actor.user
        broadcast.save(update_fields=["stopped_at", "stopped_by"])
        announce_show(session)
    return broadcast


def _check_direct(actor: Participant) -> None:
    actor.refresh_from_db()
    if not permissions.may_direct(actor):
        raise Refused("forbidden", _("Only organizers can do this."))


def set_delay(*, actor: User, stage: Stage, delay_s: int) -> None:
    """How far the Stage runs behind, from the next broadcast on. Raises Refused: `show.on_air`, and events' own."""
    with locked(backstage_of(stage).id) as session:
        if selectors.current_broadcast(session) is not None:
            raise Refused(
                "show.on_air", _("The Stage is on air. Stop Broadcasting first, then change the delay.")
            )
        events_services.set_stage_delay(actor=actor, stage=stage, delay_s=delay_s)


# --- What the stagehand saw ----------------------------
def room_is_ready(*, session_id: UUID, dummy_feed: int | None) -> None:
    """Janus has the room (its dummy's feed), or has lost it (None): then no feed is there either."""
    with locked(session_id) as session:
        session.dummy_feed = dummy_feed
        session.save(update_fields=["dummy_feed"])
        if dummy_feed is None:
            if session.slots.exclude(feed=None).update(feed=None, janus_session=None, janus_handle=None):
                announce_tiles(session)
        else:
            publish(groups.backstage(session.id), messages.MediaReady())


def mountpoint_is_ready(*, session_id: UUID, ready: bool) -> None:
    """Viewers can connect to the Stage, or not any more. Tells the viewers."""
    with locked(session_id) as session:
        session.mountpoint_ready = ready
        session.save(update_fields=["mountpoint_ready"])
        if ready:
            publish(groups.stage(session.stage_id), messages.MediaReady())


def capture_began(*, broadcast_id: UUID, at: datetime) -> None:
    """From now on a broadcast is sent into its delay line: from here the countdown runs. Announces the show."""
    _mark(broadcast_id, "capture_began_at", at)


def went_on_air(*, broadcast_id: UUID, at: datetime) -> None:
    """The first delayed packet of a broadcast has gone out. Announces the show."""
    _mark(broadcast_id, "on_air_at", at)


def broadcast_ended(*, broadcast_id: UUID, at: datetime) -> None:
    """The last packet has gone out. Announces the show."""
    _mark(broadcast_id, "ended_at", at)


def _mark(broadcast_id: UUID, field: str, at: datetime) -> None:
    broadcast = Broadcast.objects.get(pk=broadcast_id)
    with locked(broadcast.backstage_session_id) as session:
        if session.broadcasts.filter(pk=broadcast_id, **{f"{field}__isnull": True}).update(**{field: at}):
            announce_show(session)


def viewers_counted(*, session_id: UUID, watching: int) -> None:
    """Keeps the peak of the running broadcast, and tells backstage and Stage the number, and how far they should be."""
    with locked(session_id) as session:
        session.broadcasts.filter(ended_at__isnull=True, peak_viewers__lt=watching).update(
            peak_viewers=watching
        )
        announce_people(session, watching=watching)
        publish(
            groups.stage(session.stage_id),
            messages.WatchingChanged(watching=watching, as_of=session.stage_revision),
        )


def layout_aired(*, session_id: UUID, layout: messages.Layout) -> None:
    """A layout has come out of the delay line: it is what the Stage shows from now on, late comers included."""
    with locked(session_id) as session:
        session.aired_layout = msgspec.to_builtins(layout)
        session.stage_revision += 1
        session.save(update_fields=["aired_layout", "stage_revision"])
        publish(
            groups.stage(session.stage_id),
            messages.LayoutAired(layout=layout),
            revision=session.stage_revision,
        )
