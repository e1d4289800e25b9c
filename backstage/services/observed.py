"""What the stagehand saw: written by it alone."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from backstage import messages, selectors
from backstage.models import BackstageSession, Broadcast
from backstage.services.announcing import announce_people, announce_show, announce_tiles, locked
from hopin_backstage.realtime import groups, publish


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
    """From now on a broadcast is sent into its delay line: from here the countdown runs. Announces the show.

    It begins again where a stagehand died with its line before the first packet was out.
    """
    _mark(broadcast_id, Q(on_air_at__isnull=True), capture_began_at=at)


def went_on_air(*, broadcast_id: UUID, at: datetime, watching: int = 0) -> None:
    """The first delayed packet of a broadcast has gone out, before so many people. Announces the show."""
    _mark(broadcast_id, Q(on_air_at__isnull=True), on_air_at=at, peak_viewers=watching)


def broadcast_ended(*, broadcast_id: UUID, at: datetime) -> None:
    """The last packet has gone out. Announces the show."""
    _mark(broadcast_id, Q(ended_at__isnull=True), ended_at=at)


def _mark(broadcast_id: UUID, only_if: Q, **values: datetime | int) -> None:
    broadcast = Broadcast.objects.get(pk=broadcast_id)
    with locked(broadcast.backstage_session_id) as session:
        if session.broadcasts.filter(only_if, pk=broadcast_id).update(**values):
            announce_show(session)


def viewers_counted(*, session_id: UUID, watching: int) -> int:
    """Keeps the peaks, of the Backstage and of what is on air; tells both the number, and how far they should be.

    Returns the number of persons inside that was told: somebody may have come since the caller counted them.
    """
    with locked(session_id) as session:
        inside = selectors.people_inside(session)
        _keep_peak(session, inside)
        on_air = session.broadcasts.filter(
            on_air_at__isnull=False, cut_at__isnull=True, ended_at__isnull=True
        )
        on_air.filter(peak_viewers__lt=watching).update(peak_viewers=watching)
        announce_people(session, inside=inside, watching=watching)
        publish(
            groups.stage(session.stage_id),
            messages.WatchingChanged(watching=watching, as_of=session.stage_revision),
        )
    return inside


def _keep_peak(session: BackstageSession, inside: int) -> None:
    """The most people inside at a time; whoever is gone again within a second is not counted."""
    if inside > session.peak_people:
        session.peak_people = inside
        session.save(update_fields=["peak_people"])


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


def talking_changed(*, session_id: UUID, slots: Iterable[int]) -> None:
    """Who talks now, by slot. Tells people inside; kept nowhere, since the next word makes it old."""
    publish(groups.backstage(session_id), messages.TalkingChanged(slots=sorted(slots)))
