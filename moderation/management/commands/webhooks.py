"""`manage.py webhooks`: sends what webhooks are to be told."""

import asyncio
import contextlib
import signal
from typing import Any

from django.core.management.base import BaseCommand

from moderation.webhooks.loop import Sender


class Command(BaseCommand):
    help = "Sends what webhooks are to be told. Any number of processes; each may be killed at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_run_until_told())


async def _run_until_told() -> None:
    work = asyncio.ensure_future(Sender().run())
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, work.cancel)
    await work
