"""The letters that wait for a mail server."""

from django.utils import timezone

from events import services
from events.models import UnsentLetter

#: More than any test has letters: what goes on behind that goes on for ever.
MOST = 100


def send_all() -> int:
    """How many letters were done with, or handed out."""
    for done in range(MOST):
        if not services.send_next():
            return done
    raise AssertionError("it does not end")


def due() -> None:
    """All that wait may be tried again now."""
    UnsentLetter.objects.update(next_at=timezone.now())
