"""Where packets go: changed in mid-flow, refused, or nowhere."""

import gc

import pytest

from tests.unit.janus.delay_line.stage import Stage, rtp


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
