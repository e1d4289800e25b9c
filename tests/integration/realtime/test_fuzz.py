"""Whatever somebody sends: no exception, nobody else disconnected or delayed, and they are answered or told why not."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest
import websockets
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.integration.realtime.room import Page, page
from tests.servers.webs import Webs

#: Of RFC 6455 (no WebSocket; no UTF-8) and ours.
REASONS = {1002, 1007, 4400, 4413, 4429}
COMMANDS = ["snapshot.get", "room.say", "room.since", "room.deaf", "no.such.command", ""]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
bodies = anything | st.dictionaries(
    st.sampled_from(["text", "number", "deaf", "after"]), anything, max_size=3
)
envelopes = st.fixed_dictionaries(
    {"type": st.sampled_from(COMMANDS) | anything, "id": st.text(max_size=70) | anything, "body": bodies}
).map(json.dumps)
#: (what, repeated so often, behind this): the whole text would be written down by hypothesis.
deep = st.integers(1, 20_000).map(lambda levels: ('{"type":"room.say","id":"1","body":', "[", levels))
huge = st.sampled_from([65_537, 200_000, 2_000_000]).map(lambda length: ("", "x", length))
texts = st.text(max_size=200) | anything.map(json.dumps) | envelopes | deep | huge
fragments = st.lists(st.text(max_size=20), min_size=2, max_size=6)
messages = texts | st.binary(max_size=200) | fragments
#: Not even frames of a WebSocket, or of a kind that nobody sends.
raw = st.binary(min_size=1, max_size=100).map(lambda data: (data,))


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(sent=st.lists(messages | raw, min_size=1, max_size=5))
@example(sent=[(b"\x81\x85\0\0\0\0\xff\xff\xff\xff\xff",)])
@example(sent=[["a", "", "b"]])
@example(sent=["\ud800".encode("utf-8", "surrogatepass"), "{}"])
@example(sent=['{"type":"snapshot.get","id":"1","body":{"after_s":1e400}}'])
async def test_nonsense(webs: Webs, sent: list[Any]) -> None:
    before = len(webs.log())
    async with page(webs, 0) as bystander:
        async with page(webs, 1) as offender:
            try:
                for each in sent:
                    await send(offender, each)
            except websockets.ConnectionClosed:
                pass
            await answered_or_closed(offender)
        began = time.monotonic()
        await bystander.say("still here")
        await bystander.hears_said("still here")
        assert time.monotonic() - began < 4
    assert "Traceback" not in webs.log()[before:]


async def send(offender: Page, each: Any) -> None:
    match each:
        case (bytes(data),):
            offender.socket.transport.write(data)
        case (str(beginning), str(what), int(times)):
            await offender.socket.send(beginning + what * times)
        case _:
            await offender.socket.send(each)


async def answered_or_closed(offender: Page) -> None:
    """A ping behind everything is answered once everything has been read; a half frame swallows it, and nobody can be
    blamed for that: such a connection is ended when it stays silent."""
    try:
        pong = await offender.socket.ping()
        await asyncio.wait_for(pong, 0.3)
    except TimeoutError:
        return
    except websockets.ConnectionClosed:
        assert offender.socket.close_code in REASONS, offender.socket.close_code


def frame(first: int, payload: bytes) -> bytes:
    """Masked, as a client has to, with nothing."""
    if len(payload) < 126:
        return bytes([first, 0x80 | len(payload)]) + bytes(4) + payload
    return bytes([first, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4) + payload


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
        flooding = asyncio.create_task(flood(offender, first, each))
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


async def flood(offender: Page, first: bytes, each: bytes) -> None:
    offender.socket.transport.write(first)
    began = time.monotonic()
    for batch in range(1, 41):
        if offender.socket.transport.is_closing():
            return
        offender.socket.transport.write(each * 500)
        await asyncio.sleep(max(0, began + batch * 0.05 - time.monotonic()))
