"""`manage.py stagehand`: makes Janus agree with the database, and runs the delay lines."""

import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand

from backstage.stagehand.runner import run


class Command(BaseCommand):
    help = "Makes the media server agree with the database, and runs the delay lines. One process."

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_run_until_told())


async def _run_until_told() -> None:
    work = asyncio.ensure_future(run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, work.cancel)
    await work
