"""`manage.py stagehand`: makes Janus agree with the database, and runs the delay lines."""

from typing import Any

from django.core.management.base import BaseCommand

from backstage.management.until_told import run_until_told
from backstage.stagehand.runner import run


class Command(BaseCommand):
    help = "Makes the media server agree with the database, and runs the delay lines. One process."

    def handle(self, *args: Any, **options: Any) -> None:
        run_until_told(run)
