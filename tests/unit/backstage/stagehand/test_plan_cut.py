"""What a cut, and whatever else empties the line, plans."""

from dataclasses import replace

from backstage.messages import Layout
from backstage.stagehand import steps
from backstage.stagehand.plan import plan, plan_without_janus
from tests.unit.backstage.stagehand.world import (
    cut,
    feed,
    layout,
    muted,
    on_air,
    on_air_then,
    running,
    stopped,
)


def test_a_cut_comes_before_everything_else_and_alone() -> None:
    world = on_air({1: 101, 3: 103})
    # Rosa comes on screen, Sam is muted, the mountpoint is gone: none of it must be waited for.
    world.observed = replace(world.observed, mountpoint=None, publishers={101: 9.0, 103: 9.0, 105: 9.0})
    feeds = {**world.desired.feeds, 5: feed(105)}
    running_one = world.desired.broadcasts[0]
    world.desired = muted(replace(world.desired, feeds=feeds, broadcasts=(cut(running_one),)), 1)

    assert plan(world.desired, world.observed) == [steps.CutLine((running_one.id,))]


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
    assert on_air_then(world, cut(first), cut(second))[0] == steps.CutLine((second.id,))


def test_cut_while_the_stagehand_was_away() -> None:
    world = on_air({1: 101}).pass_delay()
    assert world.desired.aired.live
    first = world.desired.broadcasts[0]
    world.restart_stagehand()
    world.desired = replace(world.desired, broadcasts=(cut(first),))
    dark = [steps.AirNow(Layout()), steps.EndBroadcast(first.id)]
    assert plan_without_janus(world.desired, None) == dark

    second = running()
    taken = on_air_then(world, cut(first), second)
    assert taken[:2] == dark
    assert second.id in world.line.begun


def test_what_was_ended_elsewhere_or_deleted_is_cut_like_what_was_cut() -> None:
    world = on_air({1: 101})
    gone = world.desired.broadcasts[0].id
    assert on_air_then(world)[0] == steps.CutLine((gone,))
    assert world.observed.line is None
    assert world.forwarded() == {}


def test_who_goes_on_behind_a_deleted_broadcast_begins_anew() -> None:
    world = on_air({1: 101})
    first, second = world.desired.broadcasts[0], running()
    on_air_then(world, stopped(first), second)
    third = running()
    taken = on_air_then(world, third)
    assert taken[0] == steps.CutLine((second.id,)), "the first is finished: its end is on its way"
    assert steps.Begin(third.id) in taken
    assert not any(isinstance(step, steps.CutLine) for step in taken[1:])


def test_one_whose_end_is_in_the_line_may_have_it_written_before_that_is_seen() -> None:
    world = on_air({1: 101})
    broadcast = world.desired.broadcasts[0]
    on_air_then(world, stopped(broadcast))
    assert not any(isinstance(step, steps.CutLine) for step in on_air_then(world))
