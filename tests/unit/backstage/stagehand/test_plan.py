"""The plan alone: a model of the world takes the steps, and must come to rest where the database says."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backstage.messages import Layout
from backstage.stagehand import steps
from backstage.stagehand.observed import Observed
from backstage.stagehand.plan import CLAIMED_FEED_S, STRAY_FEED_S
from janus.videoroom import Forwarder
from tests.unit.backstage.stagehand.world import (
    INPUTS,
    OUTPUTS,
    World,
    feed,
    layout,
    muted,
    on_air,
    running,
    stopped,
    wanted,
)


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
    assert world.line.accepting == {1: 11, 4: 14}
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
    assert not world.line.accepting


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


def test_a_feed_without_a_place_is_kicked_but_not_in_its_first_moment() -> None:
    world = World(wanted())
    world.observed = Observed(dummy_feed=1, publishers={66: STRAY_FEED_S - 0.1})
    world.desired = replace(world.desired, recorded_dummy=1)
    assert 66 in world.settle().observed.publishers
    world.observed = replace(world.observed, publishers={66: STRAY_FEED_S + 0.1})
    assert 66 not in world.settle().observed.publishers


def test_a_feed_that_has_claimed_its_place_may_be_in_janus_long_before_that_is_written() -> None:
    world = World(replace(wanted(), claimed=frozenset({66}), recorded_dummy=1))
    world.observed = Observed(dummy_feed=1, publishers={66: CLAIMED_FEED_S - 0.1})
    assert 66 in world.settle().observed.publishers
    world.observed = replace(world.observed, publishers={66: CLAIMED_FEED_S + 0.1})
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
        assert world.line.accepting == after


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
