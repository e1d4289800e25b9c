"""Packets and layouts go through a delay line untouched and in one order, never early."""

import time

from tests.unit.janus.delay_line.stage import DELAY_S, Stage, rtp


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
