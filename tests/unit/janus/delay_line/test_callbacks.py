"""What the line tells its owner, and that a fault there stops nothing."""

import logging

import pytest

from tests.unit.janus.delay_line.stage import Stage, rtp


def explode(*_arguments: object) -> None:
    raise ZeroDivisionError("a fault in the caller's code")


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
