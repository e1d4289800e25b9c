"""A cut destroys what was captured, also what still waits in the kernel."""

from janus.delay_line import CutReport
from tests.unit.janus.delay_line.stage import Stage, rtp


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
