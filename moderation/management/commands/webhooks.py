"""`manage.py webhooks`: sends what waits to be told: to webhooks, and by letter."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from django.core.management.base import BaseCommand

from backstage.management.until_told import run_until_told
from events import postman
from moderation.webhooks.loop import Sender


class Command(BaseCommand):
    help = "Tells webhooks, and sends letters again. Any number of processes; each may be killed at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        run_until_told(_send)


def _send() -> Awaitable[object]:
    return asyncio.gather(Sender().run(), postman.run())
