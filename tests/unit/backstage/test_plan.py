"""The plan alone: a model of the world takes the steps, and must come to rest where the database says."""

from dataclasses import dataclass, field, replace
from functools import singledispatchmethod
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from backstage.messages import AiredTile, Layout
from backstage.stagehand import plan as steps
from backstage.stagehand.desired import Desired, DesiredBroadcast, DesiredFeed
from backstage.stagehand.observed import Observed, ObservedLine
from janus.streaming import Mountpoint
from janus.videoroom import Forwarder

INPUTS = {f"{kind}{slot}": 100 * slot + (kind == "v") for slot in range(1, 6) for kind in "av"}
OUTPUTS = {mid: port + 1000 for mid, port in INPUTS.items()}
SESSION = uuid4()


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
            planned = steps.plan(self.desired, self.observed)
            if not planned:
                return self
            for step in planned:
                self.take(step)
                self.taken.append(step)
        raise AssertionError(f"never comes to rest; next would be {steps.plan(self.desired, self.observed)}")

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
        line = ObservedLine(
            delay_s=step.delay_s, inputs=INPUTS, outputs=None, accepting=frozenset(), layout=None
        )
        self.observed = replace(self.observed, line=line)

    @take.register
    def _(self, step: steps.CloseLine) -> None:
        self.observed = replace(self.observed, line=None)

    @take.register
    def _(self, step: steps.ConnectLine) -> None:
        self._change_line(outputs=dict(step.outputs) if step.outputs else None)

    @take.register
    def _(self, step: steps.Accept) -> None:
        accepting = self.line.accepting | {step.slot} if step.accepting else self.line.accepting - {step.slot}
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
            accepting=frozenset(),
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


def test_an_empty_backstage_gets_a_room_and_nothing_else() -> None:
    world = World(wanted()).settle()
    assert world.observed.dummy_feed == world.desired.recorded_dummy == 1
    assert world.observed.mountpoint is None
    assert world.observed.line is None


def test_nothing_is_forwarded_before_broadcast() -> None:
    world = World(wanted(feeds={1: 11}))
    world.observed = Observed(dummy_feed=1, publishers={11: 1.0})
    world.desired = replace(world.desired, recorded_dummy=1)
    assert not any(isinstance(step, steps.Forward | steps.OpenLine) for step in world.settle().taken)


def test_broadcast_forwards_everybody_on_screen_to_the_slots_own_ports() -> None:
    world = on_air({1: 11, 4: 14})
    assert world.forwarded() == {11: {INPUTS["a1"], INPUTS["v1"]}, 14: {INPUTS["a4"], INPUTS["v4"]}}
    assert world.line.accepting == {1, 4}
    assert world.desired.aired == layout(1, 4)


def test_nobody_on_screen_the_broadcast_begins_with_the_first_person() -> None:
    world = World(wanted(broadcasts=(running(),))).settle()
    assert not world.line.begun
    world.desired = replace(world.desired, feeds={2: feed(12)}, layout=layout(2))
    world.observed = replace(world.observed, publishers={12: 0.1})
    world.settle()
    assert world.line.begun
    assert [type(step) for step in world.taken].index(steps.Begin) < [
        type(step) for step in world.taken
    ].index(steps.Forward)


def test_all_speakers_drop_the_show_stays_live_and_empty() -> None:
    world = on_air({1: 11})
    world.observed = replace(world.observed, publishers={}, forwarders=())
    world.settle().pass_delay()
    assert world.desired.aired == Layout(live=True, tiles=[])
    assert world.line.accepting == frozenset()


def test_stopping_lets_the_last_seconds_play_then_ends() -> None:
    world = on_air({1: 11})
    world.desired = replace(world.desired, broadcasts=tuple(map(stopped, world.desired.broadcasts)))
    world.settle()
    assert not world.observed.forwarders
    assert world.desired.aired == layout(1), "the audience still sees what is in the line"
    world.pass_delay().settle()
    assert world.desired.aired == Layout()
    assert world.desired.broadcasts == ()
    assert world.observed.line is None


def test_stopping_before_anybody_was_captured_ends_at_once() -> None:
    world = World(wanted(broadcasts=(running(),))).settle()
    world.desired = replace(world.desired, broadcasts=tuple(map(stopped, world.desired.broadcasts)))
    assert world.settle().desired.broadcasts == ()


def test_a_second_broadcast_follows_the_end_of_the_first_in_the_same_line() -> None:
    world = on_air({1: 11})
    second = running()
    world.desired = replace(world.desired, broadcasts=(*map(stopped, world.desired.broadcasts), second))
    world.settle()
    assert world.line.begun >= {second.id}
    world.pass_delay().settle()
    assert [each.id for each in world.desired.broadcasts] == [second.id]
    assert world.desired.aired == layout(1)


def test_after_a_crash_of_the_stagehand_nothing_frozen_is_shown_and_the_show_goes_on() -> None:
    world = on_air({1: 11}).restart_stagehand()
    world.settle()
    assert world.desired.aired == Layout(live=True, tiles=[])
    assert world.pass_delay().desired.aired == layout(1)
    assert world.forwarded() == {11: {INPUTS["a1"], INPUTS["v1"]}}


def test_forwards_to_a_line_that_is_gone_are_stopped() -> None:
    world = on_air({1: 11})
    stale = Forwarder(999, 11, "127.0.0.1", 65000, "video")
    world.observed = replace(world.observed, forwarders=(*world.observed.forwarders, stale))
    world.settle()
    assert world.forwarded() == {11: {INPUTS["a1"], INPUTS["v1"]}}


def test_after_a_restart_of_janus_everything_is_made_again_and_what_is_held_plays_on() -> None:
    world = on_air({1: 11})
    world.in_line = [layout(1)]
    world.restart_janus().settle()
    assert world.observed.dummy_feed == 1
    assert world.desired.recorded_mountpoint
    assert world.line.outputs == OUTPUTS
    assert world.in_line, "the delay line was not emptied"


def test_stop_pressed_while_janus_is_away_still_ends_the_show() -> None:
    world = on_air({1: 11})
    world.desired = replace(world.desired, broadcasts=tuple(map(stopped, world.desired.broadcasts)))
    for step in steps.plan_without_janus(world.desired, world.observed.line):
        world.take(step)
    world.pass_delay()
    assert world.desired.broadcasts == ()
    assert world.desired.aired == Layout()
    assert steps.plan_without_janus(world.desired, world.observed.line) == []


def test_a_stagehand_that_starts_while_janus_is_away_shows_nothing_frozen() -> None:
    world = on_air({1: 11}).restart_stagehand()
    for step in steps.plan_without_janus(world.desired, None):
        world.take(step)
    assert world.desired.aired == Layout(live=True, tiles=[])
    assert world.observed.line is not None


def test_a_feed_without_a_place_is_kicked_but_not_in_its_first_moment() -> None:
    world = World(wanted())
    world.observed = Observed(dummy_feed=1, publishers={66: steps.STRAY_FEED_S - 0.1})
    world.desired = replace(world.desired, recorded_dummy=1)
    assert 66 in world.settle().observed.publishers
    world.observed = replace(world.observed, publishers={66: steps.STRAY_FEED_S + 0.1})
    assert 66 not in world.settle().observed.publishers


def test_nobody_inside_and_off_air_nothing_is_left_in_janus() -> None:
    world = on_air({1: 11})
    world.desired = replace(world.desired, in_use=False, broadcasts=(), feeds={}, layout=layout())
    world.settle()
    assert world.observed.dummy_feed is None
    assert world.observed.mountpoint is None
    assert world.observed.line is None
    assert (world.desired.recorded_dummy, world.desired.recorded_mountpoint) == (None, False)


places = st.dictionaries(st.integers(1, 5), st.integers(10, 30), max_size=5).filter(
    lambda feeds: len(set(feeds.values())) == len(feeds)
)


@given(places, places, st.booleans(), st.sampled_from(["", "janus", "stagehand"]))
def test_from_any_state_it_comes_to_rest_with_exactly_those_on_screen_forwarded(
    before: dict[int, int], after: dict[int, int], goes_on: bool, crash: str
) -> None:
    world = on_air(before)
    if crash == "janus":
        world.restart_janus()
    elif crash == "stagehand":
        world.restart_stagehand()
    broadcasts = world.desired.broadcasts if goes_on else tuple(map(stopped, world.desired.broadcasts))
    world.desired = replace(
        world.desired,
        feeds={slot: feed(number) for slot, number in after.items()},
        layout=layout(*sorted(after)),
        broadcasts=broadcasts,
        recorded_dummy=world.observed.dummy_feed,
    )
    world.observed = replace(
        world.observed,
        publishers=dict.fromkeys(after.values(), 10.0),
        forwarders=tuple(each for each in world.observed.forwarders if each.feed_id in after.values()),
    )
    world.settle()
    expected = (
        {number: {INPUTS[f"a{slot}"], INPUTS[f"v{slot}"]} for slot, number in after.items()}
        if goes_on
        else {}
    )
    assert world.forwarded() == expected
    if goes_on:
        assert world.line.accepting == set(after)


def muted(desired: Desired, slot: int, *, is_muted: bool = True) -> Desired:
    return replace(desired, feeds={**desired.feeds, slot: replace(desired.feeds[slot], muted=is_muted)})


def test_who_is_muted_is_held_back_and_let_through_when_that_is_lifted() -> None:
    room = Observed(dummy_feed=1, publishers={10: 1.0, 20: 1.0})
    world = World(wanted(feeds={1: 10, 2: 20}), room).settle()
    assert world.observed.held_back == {10: False, 20: False}
    world.taken.clear()
    world.desired = muted(world.desired, 2)
    world.settle()
    assert world.taken == [steps.Moderate(20, True)]
    world.desired = muted(world.desired, 2, is_muted=False)
    assert world.settle().observed.held_back == {10: False, 20: False}


def test_who_is_muted_stays_so_when_stagehand_or_janus_begin_anew() -> None:
    desired = muted(wanted(feeds={1: 10}), 1)
    world = World(desired, Observed(dummy_feed=1, publishers={10: 1.0})).settle()
    world.taken.clear()
    world.restart_stagehand().settle()
    assert world.taken == [steps.Listen(), steps.Moderate(10, True)]
    world.restart_janus()
    # The person publishes anew.
    world.observed = replace(world.observed, dummy_feed=1, publishers={11: 0.0})
    world.desired = muted(replace(world.desired, feeds={1: feed(11)}), 1)
    assert world.settle().observed.held_back == {11: True}


def test_when_a_mute_is_lifted_on_air_the_sound_is_forwarded_anew_and_the_picture_goes_on() -> None:
    desired = muted(wanted(feeds={1: 10}, broadcasts=(running(),)), 1)
    world = World(desired, Observed(dummy_feed=1, publishers={10: 1.0})).settle()
    before = world.forwarded()
    world.taken.clear()
    world.desired = muted(world.desired, 1, is_muted=False)
    world.settle()
    assert [type(step) for step in world.taken] == [steps.Moderate, steps.StopForward, steps.ForwardSound]
    assert world.forwarded() == before


def test_who_is_muted_is_held_back_before_anything_of_them_is_forwarded() -> None:
    desired = muted(wanted(feeds={1: 10}, broadcasts=(running(),)), 1)
    world = World(desired, Observed(dummy_feed=1, publishers={10: 1.0})).settle()
    kinds = [type(step) for step in world.taken]
    assert kinds.index(steps.Moderate) < kinds.index(steps.Forward)


# --- Cut now ----------------------------


def cut(broadcast: DesiredBroadcast) -> DesiredBroadcast:
    return replace(broadcast, stopped=True, cut=True)


def on_air_then(world: World, *broadcasts: DesiredBroadcast) -> list[steps.Step]:
    """The steps that the pressing of a button leads to, as far as they can be taken before anything is written."""
    world.desired = replace(world.desired, broadcasts=broadcasts)
    before = len(world.taken)
    world.settle()
    return world.taken[before:]


def test_a_cut_comes_before_everything_else_and_alone() -> None:
    world = on_air({1: 101, 3: 103})
    # Rosa comes on screen, Sam is muted, the mountpoint is gone: none of it must be waited for.
    world.observed = replace(world.observed, mountpoint=None, publishers={101: 9.0, 103: 9.0, 105: 9.0})
    feeds = {**world.desired.feeds, 5: feed(105)}
    running_one = world.desired.broadcasts[0]
    world.desired = muted(replace(world.desired, feeds=feeds, broadcasts=(cut(running_one),)), 1)

    assert steps.plan(world.desired, world.observed) == [steps.CutLine((running_one.id,))]


def test_after_a_cut_nothing_is_forwarded_and_the_line_goes() -> None:
    world = on_air({1: 101})
    taken = on_air_then(world, cut(world.desired.broadcasts[0]))

    assert isinstance(taken[0], steps.CutLine)
    assert not any(isinstance(step, steps.Finish | steps.Begin | steps.Accept) for step in taken)
    assert world.forwarded() == {}
    assert not world.line.accepting
    world.write_outcomes().settle()
    assert world.observed.line is None
    assert world.desired.aired == Layout()


def test_cut_while_the_last_seconds_play() -> None:
    world = on_air({1: 101})
    broadcast = world.desired.broadcasts[0]
    on_air_then(world, stopped(broadcast))
    assert world.in_line, "its end is on its way"

    taken = on_air_then(world, cut(broadcast))
    assert taken == [steps.CutLine((broadcast.id,))]
    assert world.in_line == []


def test_a_cut_takes_the_ending_broadcast_and_the_one_behind_it() -> None:
    world = on_air({1: 101})
    first, second = world.desired.broadcasts[0], running()
    on_air_then(world, stopped(first))
    on_air_then(world, stopped(first), second)
    assert second.id in world.line.begun

    taken = on_air_then(world, cut(first), cut(second))
    assert taken[0] == steps.CutLine((first.id, second.id))
    world.write_outcomes().settle()
    assert world.observed.line is None


def test_on_air_again_right_after_the_cut_waits_for_nothing_to_be_written() -> None:
    world = on_air({1: 101, 2: 102})
    old_forwards = {each.stream_id for each in world.observed.forwarders}
    first, second = world.desired.broadcasts[0], running()

    taken = on_air_then(world, cut(first), second)
    assert taken[0] == steps.CutLine((first.id,))
    kinds = [type(step) for step in taken]
    begin = kinds.index(steps.Begin)
    assert taken[begin] == steps.Begin(second.id)
    # New forwards, for new SSRCs and a keyframe; the old ones end before the line takes anything in.
    stops = {step.stream_id for step in taken[:begin] if isinstance(step, steps.StopForward)}
    assert stops == old_forwards
    assert kinds.count(steps.Forward) == 2
    assert begin < kinds.index(steps.Accept) < kinds.index(steps.Forward)
    assert world.line.layout == layout(1, 2)
    assert not any(isinstance(step, steps.Finish) for step in taken), "the cut one has no end to play"

    # And the second can be cut like the first, when the first has not even been written down.
    assert on_air_then(world, cut(first), cut(second))[0] == steps.CutLine((first.id, second.id))


def test_cut_while_janus_is_away() -> None:
    world = on_air({1: 101})
    first, second = world.desired.broadcasts[0], running()
    world.desired = replace(world.desired, broadcasts=(cut(first),))
    assert steps.plan_without_janus(world.desired, world.line) == [steps.CutLine((first.id,))]

    world.take(steps.CutLine((first.id,)))
    world.desired = replace(world.desired, broadcasts=(cut(first), second))
    assert steps.plan_without_janus(world.desired, world.line) == []


def test_cut_while_the_stagehand_was_away() -> None:
    world = on_air({1: 101}).pass_delay()
    assert world.desired.aired.live
    first = world.desired.broadcasts[0]
    world.restart_stagehand()
    world.desired = replace(world.desired, broadcasts=(cut(first),))
    dark = [steps.AirNow(Layout()), steps.EndBroadcast(first.id)]
    assert steps.plan_without_janus(world.desired, None) == dark

    second = running()
    taken = on_air_then(world, cut(first), second)
    assert taken[:2] == dark
    assert second.id in world.line.begun
