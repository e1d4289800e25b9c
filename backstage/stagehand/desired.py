"""What should be, for one Backstage."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from backstage import selectors
from backstage.messages import Layout
from backstage.models import BackstageSession, Broadcast, Slot


@dataclass(frozen=True)
class DesiredFeed:
    """A place on screen whose media reach Janus. `janus_session` and `janus_handle` are the publisher's own."""

    slot_id: UUID
    feed: int
    janus_session: int
    janus_handle: int
    muted: bool = False
    """By an organizer: Janus lets no sound of it through."""
    is_heard: bool = True
    """Its microphone is on (a screen: it has sound), and it is not muted."""


@dataclass(frozen=True)
class DesiredBroadcast:
    id: UUID
    delay_s: int
    stopped: bool
    captured: bool
    """Its first packet has been in a delay line, perhaps one that a crash destroyed."""
    cut: bool = False
    """It is off air, and what nobody has seen of it yet is to be destroyed."""


@dataclass(frozen=True)
class DesiredLine:
    """As much of it as our own delay line needs, and nothing of Janus."""

    feeds: Mapping[int, int] = field(default_factory=dict)
    """By slot."""
    broadcasts: tuple[DesiredBroadcast, ...] = ()
    """Those that have not ended, oldest first; at most the last is not stopped."""

    @property
    def capturing(self) -> DesiredBroadcast | None:
        running = [broadcast for broadcast in self.broadcasts if not broadcast.stopped]
        return running[-1] if running else None


@dataclass(frozen=True)
class Desired:
    session_id: UUID
    stage_id: UUID
    room: int
    in_use: bool
    """Somebody is inside, or a show has not ended: Janus needs a room."""
    recorded_dummy: int | None
    """What the database believes of the room, and of the mountpoint."""
    recorded_mountpoint: bool
    feeds: Mapping[int, DesiredFeed] = field(default_factory=dict)
    """By slot, 1 to 5."""
    claimed: frozenset[int] = frozenset()
    """Feeds that may come into a place, and perhaps are in Janus already."""
    broadcasts: tuple[DesiredBroadcast, ...] = ()
    """As in DesiredLine."""
    layout: Layout = field(default_factory=Layout)
    """The tiles as they are now."""
    aired: Layout = field(default_factory=Layout)
    """What the Stage shows."""

    @property
    def for_line(self) -> DesiredLine:
        return DesiredLine({slot: feed.feed for slot, feed in self.feeds.items()}, self.broadcasts)

    @property
    def capturing(self) -> DesiredBroadcast | None:
        return self.for_line.capturing


def read() -> list[Desired]:
    """Of every Backstage that needs, or may still have, something in Janus."""
    return [_of(session, in_use) for session, in_use in selectors.sessions_to_tend()]


def read_one(session_id: UUID) -> Desired:
    return _of(*selectors.session_to_tend(session_id))


def read_for_lines(session_ids: Collection[UUID]) -> dict[UUID, DesiredLine]:
    """Two short queries: this is read several times a second while something is on air."""
    feeds: dict[UUID, dict[int, int]] = {session_id: {} for session_id in session_ids}
    broadcasts: dict[UUID, list[DesiredBroadcast]] = {session_id: [] for session_id in session_ids}
    for slot in Slot.objects.filter(backstage_session__in=session_ids):
        if slot.feed is not None:
            feeds[slot.backstage_session_id][slot.index] = slot.feed
    not_ended = Broadcast.objects.filter(backstage_session__in=session_ids, ended_at__isnull=True)
    for broadcast in not_ended.order_by("started_at"):
        broadcasts[broadcast.backstage_session_id].append(_broadcast(broadcast))
    return {each: DesiredLine(feeds[each], tuple(broadcasts[each])) for each in session_ids}


def _of(session: BackstageSession, in_use: bool) -> Desired:
    slots = list(session.slots.select_related("participant"))
    return Desired(
        session_id=session.id,
        stage_id=session.stage_id,
        room=session.room,
        in_use=in_use,
        recorded_dummy=session.dummy_feed,
        recorded_mountpoint=session.mountpoint_ready,
        feeds={
            slot.index: DesiredFeed(
                slot.id,
                slot.feed,
                slot.janus_session or 0,
                slot.janus_handle or 0,
                muted=slot.participant.muted,
                is_heard=slot.has_sound,
            )
            for slot in slots
            if slot.feed is not None
        },
        claimed=frozenset(slot.claimed_by for slot in slots if slot.claimed_by is not None),
        broadcasts=tuple(
            _broadcast(broadcast)
            for broadcast in session.broadcasts.filter(ended_at__isnull=True).order_by("started_at")
        ),
        layout=selectors.layout_to_air(session),
        aired=selectors.aired(session),
    )


def _broadcast(broadcast: Broadcast) -> DesiredBroadcast:
    return DesiredBroadcast(
        id=broadcast.id,
        delay_s=broadcast.delay_s,
        stopped=broadcast.stopped_at is not None,
        captured=broadcast.capture_began_at is not None,
        cut=broadcast.cut_at is not None,
    )
