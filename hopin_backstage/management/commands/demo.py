from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from chat import demo as chat_demo
from events import demo


class Command(BaseCommand):
    help = "Fills the database with a small event to try everything with. Safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="store_true",
            help="bring the demo back to its first state; all that happened in it is lost",
        )

    def handle(self, *, reset: bool, **options: object) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo is for development: set DEBUG=1 to fill it in.")
        with transaction.atomic():
            password = demo.reset() if reset else demo.fill()
            chat_demo.fill()
        width = max(len(person.email) for person in demo.PEOPLE)
        for person in demo.PEOPLE:
            self.stdout.write(f"{person.email:<{width}}  {person.name}")
        self.stdout.write(f"Password: {password}")
