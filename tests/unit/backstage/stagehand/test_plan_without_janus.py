"""What is planned while Janus is away or does not answer, and before it is asked at all."""

from dataclasses import replace

from backstage.messages import Layout
from backstage.stagehand import steps
from backstage.stagehand.plan import plan, plan_without_janus
from tests.unit.backstage.stagehand.world import (
    INPUTS,
    World,
    cut,
    feed,
    layout,
    muted,
    on_air,
    running,
    stopped,
    wanted,
)


def without_janus(world: World) -> list[steps.Step]:
    """What is done while Janus does not answer, until nothing more can be."""
    taken: list[steps.Step] = []
    while planned := plan_without_janus(world.desired, world.observed.line):
        assert len(taken) < 50, f"never comes to rest; next would be {planned}"
        for step in planned:
            world.take(step)
        taken += planned
    return taken


def removed(world: World, slot: int) -> None:
    feeds = {each: feed for each, feed in world.desired.feeds.items() if each != slot}
    world.desired = replace(world.desired, feeds=feeds, layout=layout(*sorted(feeds)))


def test_stop_while_janus_is_away_lets_nothing_more_in_plays_the_rest_and_ends_the_show() -> None:
    world = on_air({1: 11, 4: 14})
    broadcast = stopped(world.desired.broadcasts[0])
    world.desired = replace(world.desired, broadcasts=(broadcast,))
    assert without_janus(world) == [
        steps.Accept(1, None),
        steps.Accept(4, None),
        steps.Finish(broadcast.id, last=True),
    ]
    world.pass_delay()
    assert world.desired.broadcasts == ()
    assert world.desired.aired == Layout()
    assert without_janus(world) == [steps.CloseLine()]


def test_who_is_removed_while_janus_is_away_is_not_taken_in_any_more() -> None:
    world = on_air({1: 11, 4: 14})
    removed(world, 4)
    assert without_janus(world) == [steps.Accept(4, None)]
    assert world.line.accepting == {1: 11}
    # Nor is it when Janus is back, though the forward has been running all the time.
    world.settle()
    assert world.line.accepting == {1: 11}
    assert world.forwarded() == {11: {INPUTS["a1"], INPUTS["v1"]}}


def test_whoever_comes_into_a_place_does_not_let_in_what_the_one_before_them_sends() -> None:
    world = on_air({4: 14})
    feeds = {4: feed(24)}
    world.desired = replace(world.desired, feeds=feeds)
    assert without_janus(world) == [steps.Accept(4, None)]
    # Janus says that the one who was removed publishes still.
    world.observed = replace(world.observed, publishers={14: 10.0, 24: 1.0})
    world.taken.clear()
    world.settle()
    kinds = [type(step) for step in world.taken]
    assert kinds.index(steps.StopForward) < kinds.index(steps.Accept) < kinds.index(steps.Forward)
    assert world.line.accepting == {4: 24}


def test_stop_before_anybody_was_on_screen_ends_at_once_while_janus_is_away() -> None:
    world = World(wanted(broadcasts=(running(),))).settle()
    broadcast = stopped(world.desired.broadcasts[0])
    world.desired = replace(world.desired, broadcasts=(broadcast,))
    assert without_janus(world) == [steps.EndBroadcast(broadcast.id), steps.CloseLine()]


def test_stop_and_remove_come_before_every_step_that_asks_janus() -> None:
    world = on_air({1: 11, 4: 14})
    removed(world, 4)
    # Rosa is to be muted, the mountpoint made again, a stray feed kicked.
    world.desired = muted(world.desired, 1)
    world.observed = replace(
        world.observed, mountpoint=None, publishers={**world.observed.publishers, 66: 99.0}
    )
    assert plan(world.desired, world.observed) == [steps.Accept(4, None)]
    broadcast = stopped(world.desired.broadcasts[0])
    world.desired = replace(world.desired, broadcasts=(broadcast,))
    assert plan(world.desired, world.observed) == [
        steps.Accept(1, None),
        steps.Accept(4, None),
        steps.Finish(broadcast.id, last=True),
    ]


def test_a_stagehand_that_starts_while_janus_is_away_shows_nothing_frozen() -> None:
    world = on_air({1: 11}).restart_stagehand()
    for step in plan_without_janus(world.desired, None):
        world.take(step)
    assert world.desired.aired == Layout(live=True, tiles=[])
    assert world.observed.line is not None


def test_cut_while_janus_is_away() -> None:
    world = on_air({1: 101})
    first, second = world.desired.broadcasts[0], running()
    world.desired = replace(world.desired, broadcasts=(cut(first),))
    assert plan_without_janus(world.desired, world.line) == [steps.CutLine((first.id,))]

    world.take(steps.CutLine((first.id,)))
    world.desired = replace(world.desired, broadcasts=(cut(first), second))
    assert plan_without_janus(world.desired, world.line) == []
