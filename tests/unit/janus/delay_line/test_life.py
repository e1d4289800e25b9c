"""From opening a line to its end."""

import asyncio

import pytest

from janus.delay_line import DelayLine
from tests.unit.janus.delay_line.stage import DEADLINE_S, Stage, rtp


async def test_stop_waits_for_the_off_air_layout(stage: Stage, forwarder, mountpoint) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1))
    stage.line.push_layout("off air")
    assert not stage.line.is_empty
    await stage.drained()
    assert stage.line.is_empty
    assert stage.layouts == ["off air"]
    assert await mountpoint.next() == rtp(1)


async def test_drained_also_waits_for_what_has_arrived_but_was_not_read(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1))
    await stage.drained()
    assert stage.line.stats().sent == 1


async def test_a_layout_may_push_the_next_one(stage: Stage) -> None:
    stage.do_on_layout = lambda layout: stage.line.push_layout("second") if layout == "first" else None
    stage.line.push_layout("first")
    await stage.drained()
    assert stage.layouts == ["first", "second"]


@pytest.mark.timeout(20, method="thread")  # a loop that spins lets no gentler end through
async def test_drained_never_spins_when_a_layout_touches_the_line(stage: Stage, forwarder) -> None:
    """A call from a layout leaves a timer behind; whoever waits before it fires must still wait, not spin."""
    loop = asyncio.get_running_loop()
    looked = asyncio.Event()

    def right_after_the_batch() -> None:
        stage.line.push_layout("second")
        waiter = stage.line.drained()
        waiter.send(None)  # its first step, before the timer has its turn
        waiter.close()
        looked.set()

    def on_layout(layout: object) -> None:
        if layout == "first":
            stage.line.accept(1, True)
            loop.call_soon(right_after_the_batch)

    stage.do_on_layout = on_layout
    stage.line.push_layout("first")
    forwarder.send(stage.ports["v1"], rtp(1))
    await stage.drained()
    async with asyncio.timeout(DEADLINE_S):
        await looked.wait()
    await stage.drained()
    assert stage.layouts == ["first", "second"]


@pytest.mark.parametrize("end", ["cut", "close"])
async def test_cut_and_close_release_those_who_wait(end: str) -> None:
    stage = Stage(delay_s=60)
    await stage.open()
    stage.line.push_layout("held for a minute")
    waiting = asyncio.create_task(stage.drained())
    await asyncio.get_running_loop().run_in_executor(None, lambda: None)
    assert not waiting.done()
    if end == "cut":
        stage.line.cut()
    else:
        await stage.line.close()
    await waiting
    await stage.line.close()
    assert stage.layouts == []


async def test_a_closed_line_is_closed_for_good(mountpoint) -> None:
    stage = Stage()
    with pytest.raises(RuntimeError, match="not open"):
        stage.line.push_layout("too early")
    await stage.open()
    with pytest.raises(RuntimeError, match="once"):
        await stage.line.open()
    await stage.line.close()
    await stage.line.close()
    for call in (
        lambda: stage.line.push_layout("too late"),
        lambda: stage.line.cut(),
        lambda: stage.line.accept(1, True),
        lambda: stage.line.connect({"v1": mountpoint.address}),
    ):
        with pytest.raises(RuntimeError, match="not open"):
            call()
    await stage.drained()


async def test_closing_from_within_a_layout_stops_the_batch(stage: Stage, forwarder, mountpoint) -> None:
    closing: list[asyncio.Task[None]] = []

    def close(_layout: object) -> None:
        closing.append(asyncio.ensure_future(stage.line.close()))

    stage.do_on_layout = close
    stage.line.push_layout("the end")
    await stage.drained()
    await asyncio.gather(*closing)
    assert stage.line.is_empty


def test_a_line_without_slots_is_refused() -> None:
    with pytest.raises(ValueError, match="slot"):
        DelayLine(1, slots=0, on_layout=lambda _layout: None)
