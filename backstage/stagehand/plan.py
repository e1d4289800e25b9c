"""The steps that lead from what is to what should be. Pure: no I/O, no clock, no memory.

Each plan holds only steps that can be taken now, in their order; what they make possible is in the next plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from backstage.messages import Layout
from backstage.stagehand.desired import Desired, DesiredFeed
from backstage.stagehand.observed import Observed, ObservedLine

#: Seconds that a feed without a place may go on: its own web process ends it sooner, and a new one is
#: in Janus a moment before the database knows.
STRAY_FEED_S = 3.0


@dataclass(frozen=True)
class CreateRoom:
    pass


@dataclass(frozen=True)
class RecordRoom:
    dummy_feed: int | None


@dataclass(frozen=True)
class DestroyRoom:
    pass


@dataclass(frozen=True)
class CreateMountpoint:
    pass


@dataclass(frozen=True)
class RecordMountpoint:
    ready: bool


@dataclass(frozen=True)
class DestroyMountpoint:
    pass


@dataclass(frozen=True)
class RecordFeedGone:
    slot_id: UUID
    feed: int


@dataclass(frozen=True)
class Kick:
    feed: int


@dataclass(frozen=True)
class Listen:
    """Be in the room, to hear who talks and whose sound is held back."""


@dataclass(frozen=True)
class Moderate:
    """Let no sound of a feed through any more, whatever its browser sends; or let it through again."""

    feed: int
    muted: bool


@dataclass(frozen=True)
class OpenLine:
    delay_s: int


@dataclass(frozen=True)
class CloseLine:
    pass


@dataclass(frozen=True)
class ConnectLine:
    """Send what comes out to the mountpoint; None while there is none."""

    outputs: tuple[tuple[str, int], ...] | None


@dataclass(frozen=True)
class Accept:
    """Whether the line takes in packets of a slot."""

    slot: int
    accepting: bool


@dataclass(frozen=True)
class Forward:
    slot: int
    feed: DesiredFeed
    audio_port: int
    video_port: int


@dataclass(frozen=True)
class ForwardSound:
    """The sound alone; the picture goes on."""

    slot: int
    feed: DesiredFeed
    audio_port: int


@dataclass(frozen=True)
class StopForward:
    feed: int
    stream_id: int


@dataclass(frozen=True)
class Begin:
    """Into the line: from here on it is this broadcast."""

    broadcast_id: UUID


@dataclass(frozen=True)
class PutLayout:
    """Into the line: from here on the tiles are these."""

    layout: Layout


@dataclass(frozen=True)
class Finish:
    """Into the line: here this broadcast ends. `last`: no other goes on."""

    broadcast_id: UUID
    last: bool


@dataclass(frozen=True)
class CutLine:
    """Off air at once, and everything that the line holds destroyed."""

    broadcast_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class AirNow:
    """Past the line: what the Stage shows is no longer true, and what should follow was lost."""

    layout: Layout


@dataclass(frozen=True)
class EndBroadcast:
    broadcast_id: UUID


Step = (
    CreateRoom
    | RecordRoom
    | DestroyRoom
    | CreateMountpoint
    | RecordMountpoint
    | DestroyMountpoint
    | RecordFeedGone
    | Kick
    | Listen
    | Moderate
    | OpenLine
    | CloseLine
    | ConnectLine
    | Accept
    | Forward
    | ForwardSound
    | StopForward
    | Begin
    | PutLayout
    | Finish
    | CutLine
    | AirNow
    | EndBroadcast
)


def plan(desired: Desired, observed: Observed) -> list[Step]:
    # A new broadcast may have been pressed already; it begins in a line that is empty, so in a later plan.
    return plan_cut(desired, observed.line) or [
        *_room(desired, observed),
        *_feeds(desired, observed),
        *_mountpoint(desired, observed),
        *_line(desired, observed),
    ]


def plan_cut(desired: Desired, line: ObservedLine | None) -> list[Step]:
    """Before everything else, and without a look at Janus, which would cost time and may be away."""
    cut = tuple(broadcast.id for broadcast in desired.broadcasts if broadcast.cut)
    if line is not None:
        return [] if line.cut.issuperset(cut) else [CutLine(cut)]
    if not cut:
        return []
    # What was held is lost with the stagehand that held it.
    dark: list[Step] = [AirNow(Layout())] if desired.aired != Layout() else []
    return [*dark, *(EndBroadcast(broadcast_id) for broadcast_id in cut)]


def plan_without_janus(desired: Desired, line: ObservedLine | None) -> list[Step]:
    """While Janus is away: what needs only our line and the database."""
    if cut := plan_cut(desired, line):
        return cut
    if not desired.broadcasts:
        return [AirNow(Layout())] if desired.aired.live else []
    return list(_without_line(desired) if line is None else _finish(desired, line))


def _room(desired: Desired, observed: Observed) -> Iterator[Step]:
    if not desired.in_use:
        if observed.dummy_feed is not None:
            yield DestroyRoom()
        if desired.recorded_dummy is not None:
            yield RecordRoom(None)
        return
    # First what is true, so that pages wait instead of failing; then make it better.
    if desired.recorded_dummy != observed.dummy_feed:
        yield RecordRoom(observed.dummy_feed)
    if observed.dummy_feed is None:
        yield CreateRoom()
    elif not observed.is_listened_to:
        yield Listen()


def _feeds(desired: Desired, observed: Observed) -> Iterator[Step]:
    if observed.dummy_feed is None:
        return
    for slot in desired.feeds.values():
        if slot.feed not in observed.publishers:
            yield RecordFeedGone(slot.slot_id, slot.feed)
        elif observed.held_back.get(slot.feed) is not slot.muted:
            # Of a feed that is not known, too: it may have been muted by a stagehand that died.
            yield Moderate(slot.feed, slot.muted)
    placed = {slot.feed for slot in desired.feeds.values()}
    for feed, age_s in observed.publishers.items():
        if feed not in placed and age_s > STRAY_FEED_S:
            yield Kick(feed)


def _mountpoint(desired: Desired, observed: Observed) -> Iterator[Step]:
    # Once made it stays for as long as the room: viewers stay connected between two broadcasts.
    wanted = bool(desired.broadcasts) or (desired.in_use and observed.mountpoint is not None)
    if wanted and observed.mountpoint is None:
        if desired.recorded_mountpoint:
            yield RecordMountpoint(False)
        yield CreateMountpoint()
    elif not wanted and observed.mountpoint is not None:
        yield RecordMountpoint(False)
        yield DestroyMountpoint()
    elif desired.recorded_mountpoint != wanted:
        yield RecordMountpoint(wanted)


def _line(desired: Desired, observed: Observed) -> Iterator[Step]:
    line = observed.line
    if not desired.broadcasts:
        yield from _stop_forwards(observed, keep=set())
        if line is not None:
            yield CloseLine()
        if desired.aired.live:
            yield AirNow(Layout())
        return
    if line is None:
        yield from _without_line(desired)
        return
    outputs = tuple(sorted(observed.mountpoint.ports.items())) if observed.mountpoint else None
    if outputs != (tuple(sorted(line.outputs.items())) if line.outputs else None):
        yield ConnectLine(outputs)
    yield from _capture(desired, observed, line)
    yield from _finish(desired, line)


def _without_line(desired: Desired) -> Iterator[Step]:
    """A show begins, or the line that carried it is lost with a stagehand that died."""
    for broadcast in desired.broadcasts:
        if broadcast.stopped:
            yield EndBroadcast(broadcast.id)
    capturing = desired.capturing
    # What was aired last would stand still until the first packet has gone through the new line.
    blank = Layout(live=capturing is not None and capturing.captured)
    if desired.aired.tiles or desired.aired.live != blank.live:
        yield AirNow(blank)
    if capturing is not None:
        yield OpenLine(capturing.delay_s)


def _capture(desired: Desired, observed: Observed, line: ObservedLine) -> Iterator[Step]:
    """What is on screen goes into the line while a broadcast runs, and nothing else ever."""
    capturing = desired.capturing
    on_screen = _arrived(desired, observed) if capturing else {}
    # One into a slot that takes nothing in is left from a broadcast that was cut. Going on with it, viewers would
    # count all that was destroyed as lost, and wait for a keyframe; a new one has a new SSRC.
    correct = {
        slot
        for slot, feed in on_screen.items()
        if slot in line.accepting and _is_forwarded(feed, slot, observed, line)
    }
    yield from _stop_forwards(observed, keep={on_screen[slot].feed for slot in correct})
    for slot in sorted(line.accepting - set(on_screen)):
        yield Accept(slot, False)
    if capturing is not None and on_screen and capturing.id not in line.begun:
        yield Begin(capturing.id)
    for slot in sorted(set(on_screen) - line.accepting):
        yield Accept(slot, True)
    for slot in sorted(set(on_screen) - correct):
        yield Forward(slot, on_screen[slot], line.inputs[f"a{slot}"], line.inputs[f"v{slot}"])
    for slot in sorted(correct):
        yield from _let_sound_through(slot, on_screen[slot], observed, line)
    if capturing is not None and (on_screen or capturing.id in line.begun) and line.layout != desired.layout:
        yield PutLayout(desired.layout)


def _arrived(desired: Desired, observed: Observed) -> dict[int, DesiredFeed]:
    return {slot: feed for slot, feed in desired.feeds.items() if feed.feed in observed.publishers}


def _let_sound_through(
    slot: int, feed: DesiredFeed, observed: Observed, line: ObservedLine
) -> Iterator[Step]:
    """A mute is lifted. What was held back meanwhile leaves a gap in the numbers of the packets, and behind one of
    2^15 (eleven minutes) Janus's own encryption takes what follows for old, and drops it. A new forward has none."""
    if feed.muted or observed.held_back.get(feed.feed) is not True:
        return
    for forwarder in observed.forwarders:
        if forwarder.feed_id == feed.feed and forwarder.port == line.inputs[f"a{slot}"]:
            yield StopForward(feed.feed, forwarder.stream_id)
            yield ForwardSound(slot, feed, forwarder.port)


def _is_forwarded(feed: DesiredFeed, slot: int, observed: Observed, line: ObservedLine) -> bool:
    ports = {forwarder.port for forwarder in observed.forwarders if forwarder.feed_id == feed.feed}
    return ports == {line.inputs[f"a{slot}"], line.inputs[f"v{slot}"]}


def _stop_forwards(observed: Observed, keep: set[int]) -> Iterator[Step]:
    for forwarder in observed.forwarders:
        if forwarder.feed_id not in keep:
            yield StopForward(forwarder.feed_id, forwarder.stream_id)


def _finish(desired: Desired, line: ObservedLine) -> Iterator[Step]:
    for broadcast in desired.broadcasts:
        if not broadcast.stopped or broadcast.id in line.finished or broadcast.id in line.cut:
            continue
        if broadcast.id in line.begun:
            yield Finish(broadcast.id, last=desired.capturing is None)
        else:
            # Nothing of it is in the line: it was stopped before anybody was on screen.
            yield EndBroadcast(broadcast.id)
