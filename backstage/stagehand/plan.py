"""The steps that lead from what is to what should be. Pure: no I/O, no clock, no memory.

Each plan holds only steps that can be taken now, in their order; what they make possible is in the next plan.
"""

from collections.abc import Iterator

from backstage.messages import Layout
from backstage.stagehand.desired import Desired, DesiredFeed, DesiredLine
from backstage.stagehand.observed import Observed, ObservedLine
from backstage.stagehand.steps import (
    Accept,
    AirNow,
    Begin,
    CloseLine,
    ConnectLine,
    CreateMountpoint,
    CreateRoom,
    CutLine,
    DestroyMountpoint,
    DestroyRoom,
    EndBroadcast,
    Finish,
    Forward,
    ForwardSound,
    Kick,
    LineStep,
    Listen,
    Moderate,
    OpenLine,
    PutLayout,
    RecordFeedGone,
    RecordMountpoint,
    RecordRoom,
    Step,
    StopForward,
)

#: Seconds that a feed without a place may go on: its own web process ends it sooner.
STRAY_FEED_S = 3.0
#: The same for one that has claimed a place: it is in Janus before the database knows, under load for a while.
CLAIMED_FEED_S = 30.0


def plan(desired: Desired, observed: Observed) -> list[Step]:
    # A new broadcast may have been pressed already; it begins in a line that is empty, so in a later plan.
    return plan_alone(desired, observed.line) or [
        *_room(desired, observed),
        *_feeds(desired, observed),
        *_mountpoint(desired, observed),
        *_line(desired, observed),
    ]


def plan_alone(desired: Desired, line: ObservedLine | None) -> list[Step]:
    """Before everything else, and without a look at Janus, which would cost time and may be away."""
    if line is not None:
        return list(plan_line(desired.for_line, line))
    cut = [broadcast.id for broadcast in desired.broadcasts if broadcast.cut]
    if not cut:
        return []
    # What was held is lost with the stagehand that held it.
    dark: list[Step] = [AirNow(Layout())] if desired.aired != Layout() else []
    return [*dark, *(EndBroadcast(broadcast_id) for broadcast_id in cut)]


def plan_line(wanted: DesiredLine, line: ObservedLine) -> list[LineStep]:
    """What ends: the same whether a plan or the line's own keeper comes to it first."""
    known = [broadcast.id for broadcast in wanted.broadcasts]
    cut = [broadcast.id for broadcast in wanted.broadcasts if broadcast.cut]
    # Its end was written elsewhere, or its row is gone: nobody will ever stop it.
    lost = line.begun - line.finished - set(known)
    if doomed := tuple(each for each in (*cut, *sorted(lost)) if each not in line.cut):
        return [CutLine(doomed)]
    return [*_shut(wanted, line), *_finish(wanted, line)]


def _shut(wanted: DesiredLine, line: ObservedLine) -> Iterator[LineStep]:
    for slot, feed in sorted(line.accepting.items()):
        if wanted.capturing is None or wanted.feeds.get(slot) != feed:
            yield Accept(slot, None)


def _finish(wanted: DesiredLine, line: ObservedLine) -> Iterator[LineStep]:
    for broadcast in wanted.broadcasts:
        if broadcast.stopped and broadcast.id in line.begun - line.finished - line.cut:
            yield Finish(broadcast.id, last=wanted.capturing is None)


def plan_without_janus(desired: Desired, line: ObservedLine | None) -> list[Step]:
    """While Janus is away or does not answer: what needs only our line and the database."""
    if alone := plan_alone(desired, line):
        return alone
    if not desired.broadcasts:
        return list(_nothing_on_air(desired, line))
    return list(_without_line(desired) if line is None else _end_unbegun(desired, line))


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
        may_go_on_s = CLAIMED_FEED_S if feed in desired.claimed else STRAY_FEED_S
        if feed not in placed and age_s > may_go_on_s:
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
        yield from _nothing_on_air(desired, line)
        return
    if line is None:
        yield from _without_line(desired)
        return
    outputs = tuple(sorted(observed.mountpoint.ports.items())) if observed.mountpoint else None
    if outputs != (tuple(sorted(line.outputs.items())) if line.outputs else None):
        yield ConnectLine(outputs)
    yield from _capture(desired, observed, line)
    yield from _end_unbegun(desired, line)


def _nothing_on_air(desired: Desired, line: ObservedLine | None) -> Iterator[Step]:
    if line is not None:
        yield CloseLine()
    if desired.aired.live:
        yield AirNow(Layout())


def _end_unbegun(desired: Desired, line: ObservedLine) -> Iterator[Step]:
    """Stopped before anybody was on screen: nothing of it is in the line."""
    for broadcast in desired.broadcasts:
        if broadcast.stopped and broadcast.id not in line.begun | line.finished | line.cut:
            yield EndBroadcast(broadcast.id)


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
        if line.accepting.get(slot) == feed.feed and _is_forwarded(feed, slot, observed, line)
    }
    for slot in sorted(set(line.accepting) - set(on_screen)):
        yield Accept(slot, None)
    yield from _stop_forwards(observed, keep={on_screen[slot].feed for slot in correct})
    if capturing is not None and on_screen and capturing.id not in line.begun:
        yield Begin(capturing.id)
    for slot in sorted(set(on_screen) - set(line.accepting)):
        yield Accept(slot, on_screen[slot].feed)
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
