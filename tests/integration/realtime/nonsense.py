"""What no page would send: text that is no command, commands that are nonsense, frames that are none, and floods."""

import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any

import websockets
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection

#: Of RFC 6455 (no WebSocket; no UTF-8) and ours.
REASONS = {1002, 1007, 4400, 4413, 4429}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
huge = st.sampled_from([65_537, 200_000, 2_000_000]).map(lambda length: ("", "x", length))
fragments = st.lists(st.text(max_size=20), min_size=2, max_size=6)
#: The first byte of a frame that says goodbye: one who says that is no offender, and has the reason themselves.
GOODBYE = b"\x88"
#: Not even frames of a WebSocket, or of a kind that nobody sends.
raw = st.binary(min_size=1, max_size=100).filter(lambda data: GOODBYE not in data).map(lambda data: (data,))


def nonsense(commands: Sequence[str], fields: Sequence[str], deepest: str) -> st.SearchStrategy[Any]:
    """For `send`: also these commands with these fields, of any kind, and `deepest` with a body of many levels."""
    bodies = anything | st.dictionaries(st.sampled_from(fields), anything, max_size=len(fields))
    envelopes = st.fixed_dictionaries(
        {
            "type": st.sampled_from(commands) | anything,
            "id": st.text(max_size=70) | anything,
            "body": bodies,
        }
    ).map(json.dumps)
    # (this, that repeated so often behind it): the whole text would be written down by hypothesis.
    beginning = f'{{"type":"{deepest}","id":"1","body":'
    deep = st.integers(1, 20_000).map(lambda levels: (beginning, "[", levels))
    texts = st.text(max_size=200) | anything.map(json.dumps) | envelopes | deep | huge
    return texts | st.binary(max_size=200) | fragments | raw


async def send(offender: ClientConnection, each: Any) -> None:
    match each:
        case (bytes(data),):
            offender.transport.write(data)
        case (str(beginning), str(what), int(times)):
            await offender.send(beginning + what * times)
        case _:
            await offender.send(each)


async def send_all(offender: ClientConnection, sent: Sequence[Any]) -> None:
    """Until it is closed; then waits until all has been read, and sees that it was answered or closed with a reason."""
    try:
        for each in sent:
            await send(offender, each)
    except websockets.ConnectionClosed:
        pass
    # Whoever still sends as the line is closed is reset, which may take the close frame along: RFC 9112, 9.6.
    await _answered_or_closed(offender, REASONS | ({1006} if any(map(_is_huge, sent)) else set()))


def _is_huge(each: Any) -> bool:
    return isinstance(each, tuple) and len(each) == 3 and each[2] > 2**16


async def _answered_or_closed(offender: ClientConnection, reasons: set[int]) -> None:
    """A ping behind everything is answered once everything has been read; a half frame swallows it, and nobody can be
    blamed for that: such a connection is ended when it stays silent."""
    try:
        pong = await offender.ping()
        await asyncio.wait_for(pong, 0.3)
    except TimeoutError:
        return
    except websockets.ConnectionClosed:
        assert offender.close_code in reasons, offender.close_code


def frame(first: int, payload: bytes) -> bytes:
    """Masked, as a client has to, with nothing."""
    if len(payload) < 126:
        return bytes([first, 0x80 | len(payload)]) + bytes(4) + payload
    return bytes([first, 0x80 | 126]) + len(payload).to_bytes(2, "big") + bytes(4) + payload


async def flood(offender: ClientConnection, first: bytes, each: bytes) -> None:
    """10,000 a second for two seconds, or until it is closed."""
    offender.transport.write(first)
    began = time.monotonic()
    for batch in range(1, 41):
        if offender.transport.is_closing():
            return
        offender.transport.write(each * 500)
        await asyncio.sleep(max(0, began + batch * 0.05 - time.monotonic()))
