"""An open delay line with a short delay, and packets for it. Lateness is not judged with it."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from janus.delay_line import Bound, DelayLine

DELAY_S = 0.2
#: Generous, because the machine may be busy: only a test that fails ever waits this long.
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
