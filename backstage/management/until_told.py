"""Processes that work until they are told to stop."""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable


def run_until_told(work: Callable[[], Awaitable[object]]) -> None:
    """Until SIGINT or SIGTERM, which cancel it; it then ends what it has begun."""
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(work))


async def _run(work: Callable[[], Awaitable[object]]) -> None:
    working = asyncio.ensure_future(work())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, working.cancel)
    await working
