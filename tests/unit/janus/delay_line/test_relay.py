"""The delay line over real loopback sockets, with a short delay. Never early; lateness is not judged here."""

import asyncio
import gc
import logging
import random
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import av
import pytest

from janus.delay_line import Bound, CutReport, DelayLine
from janus.delay_line.black import BLACK_KEYFRAME
from janus.delay_line.inputs import FRAME_PACKETS

DELAY_S = 0.2
DEADLINE_S = 10.0


def rtp(number: int, size_bytes: int = 40) -> bytes:
    """A packet that passes for RTP and tells itself from the others."""
    return b"\x80\x60" + number.to_bytes(4, "big") + random.Random(number).randbytes(size_bytes - 6)


class Stage:
    """An open delay line, and everything that it said."""

    def __init__(self, **options: Any) -> None:
        self.layouts: list[object] = []
        self.first_packets = 0
        self.bounds: list[Bound] = []
        self.do_on_layout: Callable[[object], object] = lambda _layout: None
        self.do_on_first_packet: Callable[[], object] = lambda: None
        self.do_on_bound: Callable[[Bound], object] = lambda _bound: None
        self.line = DelayLine(
            options.pop("delay_s", DELAY_S),
            on_layout=self._on_layout,
            on_first_packet=self._on_first_packet,
            on_bound=self._on_bound,
            **options,
        )
        self.ports: dict[str, int] = {}

    async def open(self) -> None:
        self.ports = dict(await self.line.open())

    async def drained(self) -> None:
        async with asyncio.timeout(DEADLINE_S):
            await self.line.drained()

    def _on_layout(self, layout: object) -> None:
        self.layouts.append(layout)
        self.do_on_layout(layout)

    def _on_first_packet(self) -> None:
        self.first_packets += 1
        self.do_on_first_packet()

    def _on_bound(self, bound: Bound) -> None:
        self.bounds.append(bound)
        self.do_on_bound(bound)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.open()
    yield stage
    await stage.line.close()


@pytest.fixture
async def small_stage() -> AsyncIterator[Stage]:
    stage = Stage(max_packets=5)
    await stage.open()
    yield stage
    await stage.line.close()


def explode(*_arguments: object) -> None:
    raise ZeroDivisionError("a fault in the caller's code")


# Through


async def test_ten_inputs_each_with_its_own_port(stage: Stage) -> None:
    assert list(stage.ports) == ["a1", "v1", "a2", "v2", "a3", "v3", "a4", "v4", "a5", "v5"]
    assert len(set(stage.ports.values())) == 10


async def test_every_byte_comes_out_untouched_and_not_early(stage: Stage, forwarder, mountpoint) -> None:
    stage.line.connect({"v1": mountpoint.address})
    packets = [rtp(number, size) for number, size in enumerate([12, 13, 100, 1100, 1200, 1472, 1500, 2047])]
    sent_s = time.monotonic()
    forwarder.send(stage.ports["v1"], *packets)
    assert await mountpoint.next() == packets[0]
    assert time.monotonic() - sent_s >= DELAY_S
    assert await mountpoint.take(len(packets) - 1) == packets[1:]


async def test_each_medium_goes_to_its_own_port(
    stage: Stage, forwarder, mountpoint, other_mountpoint
) -> None:
    stage.line.connect({"a2": mountpoint.address, "v2": other_mountpoint.address})
    forwarder.send(stage.ports["v2"], rtp(1))
    forwarder.send(stage.ports["a2"], rtp(2))
    assert await mountpoint.next() == rtp(2)
    assert await other_mountpoint.next() == rtp(1)


async def test_a_layout_comes_out_in_its_place_between_the_packets(
    stage: Stage, forwarder, mountpoint
) -> None:
    sent_before: list[int] = []
    stage.do_on_layout = lambda _layout: sent_before.append(stage.line.stats().sent)
    stage.line.connect({"v1": mountpoint.address, "a5": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1), rtp(2))
    forwarder.send(stage.ports["a5"], rtp(3))
    assert stage.line.push_layout("one person")
    forwarder.send(stage.ports["v1"], rtp(4))
    assert stage.line.push_layout("two people")
    pushed_s = time.monotonic()
    await stage.drained()
    assert time.monotonic() - pushed_s >= DELAY_S
    assert stage.layouts == ["one person", "two people"]
    assert sent_before == [3, 4]
    assert stage.line.stats().layouts_out == 2


async def test_more_than_one_batch_all_comes_out(stage: Stage, forwarder, mountpoint) -> None:
    stage.line.connect({"v1": mountpoint.address})
    for first in range(0, 1000, 100):
        forwarder.send(stage.ports["v1"], *map(rtp, range(first, first + 100)))
        stage.line.push_layout(first)  # reads the hundred, so that no receive buffer overflows
    await stage.drained()
    stats = stage.line.stats()
    assert (stats.received, stats.sent, stats.layouts_out) == (1000, 1000, 10)
    assert stats.buffer.lateness.entries == 1010


# Outputs


async def test_the_output_may_change_in_mid_flow(
    stage: Stage, forwarder, mountpoint, other_mountpoint
) -> None:
    """Janus restarted: the packets after this moment, of the same batch even, go to the new port."""
    stage.do_on_layout = lambda _layout: stage.line.connect({"v1": other_mountpoint.address})
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1))
    stage.line.push_layout("Janus restarts here")
    forwarder.send(stage.ports["v1"], rtp(2))
    await stage.drained()
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(3))
    assert await mountpoint.take(2) == [rtp(1), rtp(3)]
    assert await other_mountpoint.next() == rtp(2)


async def test_without_outputs_packets_are_counted_and_the_layouts_go_on(stage: Stage, forwarder) -> None:
    forwarder.send(stage.ports["v1"], rtp(1))
    stage.line.push_layout("shown all the same")
    await stage.drained()
    stats = stage.line.stats()
    assert (stats.unsent, stats.sent, stats.layouts_out) == (1, 0, 1)
    assert stage.first_packets == 0


async def test_disconnected_again_with_none(stage: Stage, forwarder, mountpoint) -> None:
    stage.line.connect({"v1": mountpoint.address})
    stage.line.connect(None)
    forwarder.send(stage.ports["v1"], rtp(1))
    await stage.drained()
    assert stage.line.stats().unsent == 1


async def test_a_refused_output_is_counted_and_stops_nothing(
    stage: Stage, forwarder, mountpoint, dead_port
) -> None:
    stage.line.connect({"v1": ("127.0.0.1", dead_port), "a1": mountpoint.address})
    forwarder.send(stage.ports["v1"], *map(rtp, range(50)))
    forwarder.send(stage.ports["a1"], rtp(99))
    assert await mountpoint.next() == rtp(99)
    await stage.drained()
    assert stage.line.stats().refused > 0


async def test_the_first_packet_after_a_refusal_is_not_lost(
    stage: Stage, forwarder, mountpoint, dead_port, open_mountpoint
) -> None:
    """The kernel reports a refusal at the next send, and does not send then: the line has to send again."""
    stage.line.connect({"v1": ("127.0.0.1", dead_port), "a1": mountpoint.address})
    forwarder.send(
        stage.ports["a1"], rtp(1)
    )  # while a first packet is awaited, refusals are looked for at once
    await stage.drained()
    forwarder.send(stage.ports["v1"], rtp(2))
    await stage.drained()
    reborn = open_mountpoint(dead_port)
    forwarder.send(stage.ports["v1"], rtp(3))
    assert await reborn.next() == rtp(3)


async def test_impossible_outputs_are_refused_and_the_old_ones_stay(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    for impossible in (
        {"v6": mountpoint.address},
        {"a1": mountpoint.address, "v1": ("localhost", 5000)},
        {"a1": mountpoint.address, "v1": ("127.0.0.1", 70_000)},
    ):
        with pytest.raises(ValueError, match=r"no such mid|localhost|no port"):
            stage.line.connect(impossible)
    gc.collect()  # a socket left open on the way would be a warning, and so an error
    forwarder.send(stage.ports["v1"], rtp(1))
    assert await mountpoint.next() == rtp(1)


# Cut


async def test_a_cut_destroys_what_is_held_and_what_was_still_in_the_kernel(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1), rtp(2))
    stage.line.push_layout("never shown")
    forwarder.send(stage.ports["v1"], rtp(3))  # has arrived, has not been read
    assert stage.line.cut() == CutReport(entries=4, bytes=120)
    assert stage.line.is_empty
    forwarder.send(stage.ports["v1"], rtp(4))
    assert await mountpoint.next() == rtp(4)
    await stage.drained()
    stats = stage.line.stats()
    assert (stats.buffer.cut, stats.sent, stage.layouts) == (4, 1, [])


async def test_a_cut_from_within_a_batch_stops_the_rest_of_it(stage: Stage, forwarder, mountpoint) -> None:
    stage.do_on_layout = lambda _layout: stage.line.cut()
    stage.line.connect({"v1": mountpoint.address})
    stage.line.push_layout("cut here")
    forwarder.send(stage.ports["v1"], rtp(1))
    stage.line.push_layout("never shown")
    await stage.drained()
    assert stage.layouts == ["cut here"]
    assert stage.line.stats().sent == 0


# What may come in


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


# Endless frames


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


# Black


async def test_black_goes_to_the_videos_at_once_past_what_is_held(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(0))
    stage.line.blank()
    black = await mountpoint.take(3)
    assert all(packet.endswith(BLACK_KEYFRAME) for packet in black)
    assert len({packet[4:8] for packet in black}) == 3, "each is a frame of its own"
    assert stage.first_packets == 0
    assert await mountpoint.next() == rtp(0)


async def test_black_needs_no_mountpoint(stage: Stage, mountpoint) -> None:
    stage.line.blank()
    stage.line.connect({"a1": mountpoint.address})
    stage.line.blank()
    assert stage.line.stats().sent == 0


def test_the_black_picture_is_black() -> None:
    (picture,) = av.CodecContext.create("libvpx", "r").decode(av.Packet(BLACK_KEYFRAME))
    assert isinstance(picture, av.VideoFrame)
    for plane, value in zip(picture.planes, (16, 128, 128), strict=True):
        rows = [bytes(plane)[row * plane.line_size :][: plane.width] for row in range(plane.height)]
        assert {*b"".join(rows)} == {value}


# Callbacks


async def test_the_first_packet_is_said_once_until_armed_again(stage: Stage, forwarder, mountpoint) -> None:
    forwarder.send(stage.ports["v1"], rtp(0))
    await stage.drained()
    assert stage.first_packets == 0, "it went nowhere"
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(1), rtp(2))
    await stage.drained()
    assert stage.first_packets == 1
    stage.line.arm_first_packet()
    forwarder.send(stage.ports["v1"], rtp(3), rtp(4))
    await stage.drained()
    assert stage.first_packets == 2


async def test_callbacks_that_raise_are_logged_and_stop_nothing(
    small_stage: Stage, forwarder, mountpoint, caplog: pytest.LogCaptureFixture
) -> None:
    small_stage.do_on_layout = explode
    small_stage.do_on_first_packet = explode
    small_stage.do_on_bound = explode
    small_stage.line.connect({"v1": mountpoint.address})
    forwarder.send(small_stage.ports["v1"], *map(rtp, range(6)))
    small_stage.line.push_layout("first")
    small_stage.line.push_layout("second")
    with caplog.at_level(logging.ERROR):
        await small_stage.drained()
    assert await mountpoint.take(5) == [rtp(number) for number in range(5)]
    assert small_stage.layouts == ["first", "second"]
    assert small_stage.line.stats().callback_errors == 4
    assert sum(record.levelno == logging.ERROR for record in caplog.records) == 4


# Life


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
