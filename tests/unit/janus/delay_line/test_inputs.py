"""What may come in: of open slots, as RTP, within bounds, and of no frame without end."""

import asyncio

import pytest

from janus.delay_line.inputs import FRAME_PACKETS
from tests.unit.janus.delay_line.stage import DEADLINE_S, Stage, rtp


async def test_a_closed_slot_lets_nothing_in_and_what_came_before_out(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v2": mountpoint.address, "v1": mountpoint.address})
    forwarder.send(stage.ports["v2"], rtp(1))
    stage.line.accept(2, False)
    forwarder.send(stage.ports["v2"], rtp(2))
    forwarder.send(stage.ports["a2"], rtp(3))
    stage.line.accept(2, True)
    forwarder.send(stage.ports["v2"], rtp(4))
    await stage.drained()
    assert await mountpoint.take(2) == [rtp(1), rtp(4)]
    assert stage.line.stats().not_accepted == 2


async def test_closing_one_slot_leaves_the_others_open(stage: Stage, forwarder, mountpoint) -> None:
    stage.line.connect({"v3": mountpoint.address})
    stage.line.accept(2, False)
    forwarder.send(stage.ports["v3"], rtp(1))
    assert await mountpoint.next() == rtp(1)


@pytest.mark.parametrize("slot", [0, 6, -1])
async def test_there_is_no_such_slot(stage: Stage, slot: int) -> None:
    with pytest.raises(ValueError, match="slot"):
        stage.line.accept(slot, False)


@pytest.mark.parametrize(
    "stray",
    [b"", b"\x80" * 11, b"\x00" * 40, b"\x40" * 40, b"\xc0" * 40, b"\x80" * 2048, b"\x80" * 3000],
    ids=[
        "empty",
        "too short",
        "version 0",
        "version 1",
        "version 3",
        "as long as a read",
        "longer than a read",
    ],
)
async def test_what_is_not_rtp_is_dropped_and_counted(
    stage: Stage, forwarder, mountpoint, stray: bytes
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], stray, rtp(1))
    assert await mountpoint.next() == rtp(1)
    stats = stage.line.stats()
    assert (stats.received, stats.not_rtp, stats.buffer.accepted) == (2, 1, 1)


async def test_a_bound_is_said_once_and_layouts_still_pass(small_stage: Stage, forwarder) -> None:
    forwarder.send(small_stage.ports["v1"], *map(rtp, range(20)))
    assert small_stage.line.push_layout("passes")
    await small_stage.drained()
    assert small_stage.bounds == ["packets"]
    assert small_stage.layouts == ["passes"]
    stats = small_stage.line.stats()
    assert (stats.buffer.dropped_packets, stats.unsent, stats.buffer.bound_episodes) == (15, 5, 1)


async def test_a_cut_in_answer_to_a_bound_lets_nothing_older_out(
    small_stage: Stage, forwarder, mountpoint
) -> None:
    cut = asyncio.Event()
    small_stage.do_on_bound = lambda _bound: (small_stage.line.cut(), cut.set())
    small_stage.line.connect({"v1": mountpoint.address})
    forwarder.send(small_stage.ports["v1"], *map(rtp, range(20)))
    async with asyncio.timeout(DEADLINE_S):
        await cut.wait()
    assert small_stage.line.is_empty
    forwarder.send(small_stage.ports["v1"], rtp(100))
    assert await mountpoint.next() == rtp(100)


def frame(timestamp: int, count: int) -> list[bytes]:
    return [
        b"\x80\x60" + number.to_bytes(2, "big") + timestamp.to_bytes(4, "big") + bytes(8)
        for number in range(count)
    ]


async def test_of_a_frame_that_never_ends_no_more_is_taken_in_than_a_frame_can_have(
    stage: Stage, forwarder
) -> None:
    forwarder.send(stage.ports["v1"], *frame(7, FRAME_PACKETS + 5))
    # Another slot has frames of its own, and sound has no such bound.
    forwarder.send(stage.ports["v2"], *frame(7, 3))
    forwarder.send(stage.ports["a1"], *frame(7, FRAME_PACKETS + 5))
    await stage.drained()
    assert stage.line.stats().endless == 5
    forwarder.send(stage.ports["v1"], *frame(8, FRAME_PACKETS), *frame(7, 1))
    await stage.drained()
    assert stage.line.stats().endless == 5


async def test_packets_that_janus_would_keep_for_ever_are_not_taken_in(stage: Stage, forwarder) -> None:
    forwarder.send(stage.ports["v1"], *frame(7, 1), *frame(0, 2), *frame(8, 1), *frame(0, 2))
    await stage.drained()
    stats = stage.line.stats()
    assert (stats.endless, stats.buffer.accepted) == (4, 2)
