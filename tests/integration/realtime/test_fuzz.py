"""Whatever somebody sends: no exception, nobody else disconnected or delayed, and they are answered or told why not."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.integration.realtime.nonsense import REASONS, flood, frame, nonsense, send_all
from tests.integration.realtime.room import page
from tests.servers.webs import Webs

COMMANDS = ["snapshot.get", "room.say", "room.since", "room.deaf", "no.such.command", ""]
FIELDS = ["text", "number", "deaf", "after"]


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(nonsense(COMMANDS, FIELDS, "room.say"), min_size=1, max_size=5))
@example(sent=[(b"\x81\x85\0\0\0\0\xff\xff\xff\xff\xff",)])
@example(sent=[["a", "", "b"]])
@example(sent=["\ud800".encode("utf-8", "surrogatepass"), "{}"])
@example(sent=['{"type":"snapshot.get","id":"1","body":{"after_s":1e400}}'])
async def test_nonsense(webs: Webs, sent: list[Any]) -> None:
    before = len(webs.log())
    async with page(webs, 0) as bystander:
        async with page(webs, 1) as offender:
            await send_all(offender.socket, sent)
        began = time.monotonic()
        await bystander.say("still here")
        await bystander.hears_said("still here")
        assert time.monotonic() - began < 4
    assert "Traceback" not in webs.log()[before:]


SAY = b'{"type":"room.say","id":"1","body":{"text":"flood"}}'
FLOODS = {
    "commands": (b"", frame(0x81, SAY)),
    "unknown commands": (b"", frame(0x81, b'{"type":"no.such","id":"1","body":{}}')),
    "pings": (b"", frame(0x89, b"are you there")),
    "pongs": (b"", frame(0x8A, b"")),
    "nothing in fragments": (frame(0x01, b""), frame(0x00, b"")),
}


@pytest.mark.parametrize("kind", FLOODS)
async def test_ten_thousand_a_second(webs: Webs, kind: str) -> None:
    """For two seconds, or until it is closed."""
    before = len(webs.log())
    first, each = FLOODS[kind]
    async with AsyncExitStack() as doors:
        # Another in the same process, and their words come by way of Redis to another process and back.
        bystander = await doors.enter_async_context(page(webs, 0))
        far = await doors.enter_async_context(page(webs, 2, web=1))
        offender = await doors.enter_async_context(page(webs, 1))
        flooding = asyncio.create_task(flood(offender.socket, first, each))
        slowest_s, number = 0.0, 0
        while not flooding.done() or number < 3:
            number += 1
            began = time.monotonic()
            await bystander.say(f"{kind} {number}")
            await far.hears_said(f"{kind} {number}")
            await bystander.hears_said(f"{kind} {number}")
            slowest_s = max(slowest_s, time.monotonic() - began)
            # Said one upon the other it would soon be the bystander who is too fast.
            await asyncio.sleep(0.05)
        await flooding
        assert (await offender.closed())[0] in REASONS
        assert slowest_s < 4, f"delayed by {slowest_s:.1f} s"
    assert "Traceback" not in webs.log()[before:]
