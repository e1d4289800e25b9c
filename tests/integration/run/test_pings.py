"""Connections that say nothing are asked whether they are still there, and not all at once."""

import asyncio
import time
from contextlib import AsyncExitStack
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode

from tests.servers.webs import Webs

PEOPLE = 40
#: Seconds in which each is asked, and for it to be seen.
ASKED_WITHIN_S = 30.0
#: Seconds in which no more than a third may be asked; and how often that is tried, since it is our own clock, too.
AT_ONCE_S, TRIES = 0.1, 3


class Asked(ClientConnection):
    """Answers each ping, and notes when it came."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.asked: asyncio.Queue[float] = asyncio.Queue()

    def process_event(self, event: Any) -> None:
        if isinstance(event, Frame) and event.opcode is Opcode.PING:
            self.asked.put_nowait(time.monotonic())
        super().process_event(event)


def most_at_once(times: list[float]) -> int:
    return max(sum(first <= each < first + AT_ONCE_S for each in times) for first in times)


async def test_a_house_that_came_at_once_is_asked_one_after_the_other() -> None:
    with Webs(1, people=PEOPLE) as webs:
        async with AsyncExitStack() as open_lines:
            opening = [
                open_lines.enter_async_context(
                    websockets.connect(f"ws://127.0.0.1:{webs.ports[0]}/room/", create_connection=Asked)
                )
                for _ in range(PEOPLE)
            ]
            sockets = await asyncio.gather(*opening)
            seen = []
            for _ in range(TRIES):
                async with asyncio.timeout(ASKED_WITHIN_S):
                    times = await asyncio.gather(*(socket.asked.get() for socket in sockets))
                seen.append(most_at_once(times))
                if seen[-1] <= PEOPLE / 3:
                    break
        assert min(seen) <= PEOPLE / 3, seen
