"""A model of Janus, delay line and database, in which a plan's steps are taken."""

from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from uuid import UUID, uuid4

from backstage.messages import AiredTile, Layout
from backstage.stagehand import steps
from backstage.stagehand.desired import Desired, DesiredBroadcast, DesiredFeed
from backstage.stagehand.observed import Observed, ObservedLine
from backstage.stagehand.plan import plan
from janus.streaming import Mountpoint
from janus.videoroom import Forwarder

INPUTS = {f"{kind}{slot}": 100 * slot + (kind == "v") for slot in range(1, 6) for kind in "av"}
OUTPUTS = {mid: port + 1000 for mid, port in INPUTS.items()}
SESSION, STAGE = uuid4(), uuid4()


def feed(number: int) -> DesiredFeed:
    return DesiredFeed(UUID(int=number), number, janus_session=1, janus_handle=number)


def layout(*slots: int) -> Layout:
    tiles = [
        AiredTile(
            slot=slot, name=f"P{slot}", photo=None, colour=0, kind="camera", microphone=True, camera=True
        )
        for slot in slots
    ]
    return Layout(live=True, tiles=tiles)


def wanted(*, feeds: dict[int, int] | None = None, broadcasts: tuple[DesiredBroadcast, ...] = ()) -> Desired:
    feeds = feeds or {}
    return Desired(
        session_id=SESSION,
        stage_id=STAGE,
        room=7,
        in_use=True,
        recorded_dummy=None,
        recorded_mountpoint=False,
        feeds={slot: feed(number) for slot, number in feeds.items()},
        broadcasts=broadcasts,
        layout=layout(*sorted(feeds)),
    )


def running(*, captured: bool = False) -> DesiredBroadcast:
    return DesiredBroadcast(uuid4(), delay_s=12, stopped=False, captured=captured)


def stopped(broadcast: DesiredBroadcast) -> DesiredBroadcast:
    return replace(broadcast, stopped=True, captured=True)


@dataclass
class World:
    """Janus, the delay line and the database as far as the plan sees them."""

    desired: Desired
    observed: Observed = field(default_factory=Observed)
    taken: list[steps.Step] = field(default_factory=list)
    in_line: list[object] = field(default_factory=list)
    """Marks and layouts that the line holds."""
    outcomes: list[Layout | UUID] = field(default_factory=list)
    """Of cuts, not written yet: what the Stage shows now, and broadcasts that have ended."""

    def settle(self, rounds: int = 8) -> "World":
        for _round in range(rounds):
            planned = plan(self.desired, self.observed)
            if not planned:
                return self
            for step in planned:
                self.take(step)
                self.taken.append(step)
        raise AssertionError(f"never comes to rest; next would be {plan(self.desired, self.observed)}")

    def pass_delay(self) -> "World":
        """What the line holds comes out."""
        for entry in self.in_line:
            match entry:
                case Layout():
                    self.desired = replace(self.desired, aired=entry)
                case steps.Finish(broadcast_id, last):
                    self._end(broadcast_id)
                    if last:
                        self.desired = replace(self.desired, aired=Layout())
        self.in_line = []
        return self

    def restart_janus(self) -> "World":
        self.observed = Observed(line=self.observed.line)
        return self

    def restart_stagehand(self) -> "World":
        self.observed = replace(self.observed, line=None, is_listened_to=False, held_back={})
        self.in_line = []
        return self

    @property
    def line(self) -> ObservedLine:
        assert self.observed.line is not None
        return self.observed.line

    def forwarded(self) -> dict[int, set[int]]:
        ports: dict[int, set[int]] = {}
        for forwarder in self.observed.forwarders:
            ports.setdefault(forwarder.feed_id, set()).add(forwarder.port)
        return ports

    def _end(self, broadcast_id: UUID) -> None:
        left = tuple(each for each in self.desired.broadcasts if each.id != broadcast_id)
        self.desired = replace(self.desired, broadcasts=left)

    def _change_line(self, **changes: object) -> None:
        self.observed = replace(self.observed, line=replace(self.line, **changes))

    @singledispatchmethod
    def take(self, step: steps.Step) -> None:
        raise TypeError(step)

    @take.register
    def _(self, step: steps.CreateRoom) -> None:
        assert self.observed.dummy_feed is None
        self.observed = replace(self.observed, dummy_feed=1)

    @take.register
    def _(self, step: steps.RecordRoom) -> None:
        feeds = self.desired.feeds if step.dummy_feed else {}
        self.desired = replace(self.desired, recorded_dummy=step.dummy_feed, feeds=feeds)

    @take.register
    def _(self, step: steps.DestroyRoom) -> None:
        self.observed = replace(
            self.observed, dummy_feed=None, publishers={}, forwarders=(), is_listened_to=False, held_back={}
        )

    @take.register
    def _(self, step: steps.Listen) -> None:
        self.observed = replace(self.observed, is_listened_to=True)

    @take.register
    def _(self, step: steps.Moderate) -> None:
        assert step.feed in self.observed.publishers
        assert self.observed.is_listened_to, "first listen, or it would be done again and again"
        self.observed = replace(self.observed, held_back={**self.observed.held_back, step.feed: step.muted})

    @take.register
    def _(self, step: steps.CreateMountpoint) -> None:
        assert self.observed.mountpoint is None
        self.observed = replace(self.observed, mountpoint=Mountpoint(7, OUTPUTS))

    @take.register
    def _(self, step: steps.RecordMountpoint) -> None:
        self.desired = replace(self.desired, recorded_mountpoint=step.ready)

    @take.register
    def _(self, step: steps.DestroyMountpoint) -> None:
        self.observed = replace(self.observed, mountpoint=None)

    @take.register
    def _(self, step: steps.RecordFeedGone) -> None:
        left = {slot: each for slot, each in self.desired.feeds.items() if each.slot_id != step.slot_id}
        self.desired = replace(self.desired, feeds=left, layout=layout(*sorted(left)))

    @take.register
    def _(self, step: steps.Kick) -> None:
        left = {each: age for each, age in self.observed.publishers.items() if each != step.feed}
        self.observed = replace(self.observed, publishers=left)

    @take.register
    def _(self, step: steps.OpenLine) -> None:
        line = ObservedLine(delay_s=step.delay_s, inputs=INPUTS, outputs=None, accepting={}, layout=None)
        self.observed = replace(self.observed, line=line)

    @take.register
    def _(self, step: steps.CloseLine) -> None:
        self.observed = replace(self.observed, line=None)

    @take.register
    def _(self, step: steps.ConnectLine) -> None:
        self._change_line(outputs=dict(step.outputs) if step.outputs else None)

    @take.register
    def _(self, step: steps.Accept) -> None:
        accepting = {slot: each for slot, each in self.line.accepting.items() if slot != step.slot}
        if step.feed is not None:
            accepting[step.slot] = step.feed
        self._change_line(accepting=accepting)

    @take.register
    def _(self, step: steps.Forward) -> None:
        assert step.feed.feed in self.observed.publishers
        made = tuple(
            Forwarder(100 * step.feed.feed + port, step.feed.feed, "127.0.0.1", port, "video")
            for port in (step.audio_port, step.video_port)
        )
        self.observed = replace(self.observed, forwarders=self.observed.forwarders + made)

    @take.register
    def _(self, step: steps.ForwardSound) -> None:
        feed_id, port = step.feed.feed, step.audio_port
        made = Forwarder(100 * feed_id + port, feed_id, "127.0.0.1", port, "audio")
        self.observed = replace(self.observed, forwarders=(*self.observed.forwarders, made))

    @take.register
    def _(self, step: steps.StopForward) -> None:
        left = tuple(each for each in self.observed.forwarders if each.stream_id != step.stream_id)
        self.observed = replace(self.observed, forwarders=left)

    @take.register
    def _(self, step: steps.Begin) -> None:
        self._change_line(begun=self.line.begun | {step.broadcast_id}, layout=None)
        marked = tuple(
            replace(each, captured=True) if each.id == step.broadcast_id else each
            for each in self.desired.broadcasts
        )
        self.desired = replace(self.desired, broadcasts=marked)

    @take.register
    def _(self, step: steps.PutLayout) -> None:
        self._change_line(layout=step.layout)
        self.in_line.append(step.layout)

    @take.register
    def _(self, step: steps.Finish) -> None:
        self._change_line(finished=self.line.finished | {step.broadcast_id})
        self.in_line.append(step)

    @take.register
    def _(self, step: steps.CutLine) -> None:
        self._change_line(
            cut=self.line.cut.union(step.broadcast_ids),
            accepting={},
            begun=frozenset(),
            finished=frozenset(),
            layout=None,
        )
        self.in_line = []
        self.outcomes += [Layout(), *step.broadcast_ids]

    def write_outcomes(self) -> "World":
        """What the line told is written, some time later."""
        for outcome in self.outcomes:
            if isinstance(outcome, Layout):
                self.desired = replace(self.desired, aired=outcome)
            else:
                self._end(outcome)
        self.outcomes = []
        return self

    @take.register
    def _(self, step: steps.AirNow) -> None:
        self.desired = replace(self.desired, aired=step.layout)

    @take.register
    def _(self, step: steps.EndBroadcast) -> None:
        self._end(step.broadcast_id)


def on_air(feeds: dict[int, int]) -> World:
    """A show that has been seen for a while."""
    world = World(wanted(feeds=feeds, broadcasts=(running(),)))
    world.observed = Observed(dummy_feed=1, publishers=dict.fromkeys(feeds.values(), 10.0))
    world.desired = replace(world.desired, recorded_dummy=1)
    return world.settle().pass_delay().settle()


def muted(desired: Desired, slot: int, *, is_muted: bool = True) -> Desired:
    return replace(desired, feeds={**desired.feeds, slot: replace(desired.feeds[slot], muted=is_muted)})


def cut(broadcast: DesiredBroadcast) -> DesiredBroadcast:
    return replace(broadcast, stopped=True, cut=True)


def on_air_then(world: World, *broadcasts: DesiredBroadcast) -> list[steps.Step]:
    """The steps that the pressing of a button leads to, as far as they can be taken before anything is written."""
    world.desired = replace(world.desired, broadcasts=broadcasts)
    before = len(world.taken)
    world.settle()
    return world.taken[before:]
