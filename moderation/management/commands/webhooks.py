"""`manage.py webhooks`: sends what waits to be told: to webhooks, and by letter."""

import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand

from events import postman
from moderation.webhooks.loop import Sender


class Command(BaseCommand):
    help = "Tells webhooks, and sends letters again. Any number of processes; each may be killed at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_run_until_told())


async def _run_until_told() -> None:
    work = asyncio.gather(Sender().run(), postman.run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, work.cancel)
    await work
