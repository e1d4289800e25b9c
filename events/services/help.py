"""The references that people read out from Help."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events.models import HelpReference, User
from events.text import one_line

KEPT_FOR = timedelta(days=90)
#: Of one person in an hour, and of all together who are not signed in: more are not looked up, and not kept.
MOST_AN_HOUR, MOST_AN_HOUR_UNKNOWN = 60, 600
HOUR = timedelta(hours=1)


@transaction.atomic
def note_help(
    *, actor: User | None, reference: str, page: str, of: str, made_at: datetime, browser: str
) -> None:
    """A person opened Help on a page of theirs; twice changes nothing. Lets go of what is too old."""
    now = timezone.now()
    lately = HelpReference.objects.filter(user=actor, opened_at__gt=now - HOUR).count()
    if lately >= (MOST_AN_HOUR if actor else MOST_AN_HOUR_UNKNOWN):
        return
    HelpReference.objects.filter(opened_at__lt=now - KEPT_FOR).delete()
    HelpReference.objects.get_or_create(
        reference=reference[:8],
        made_at=made_at,
        defaults={
            "user": actor,
            "page": page[:80],
            "of": one_line(of)[:160],
            "browser": one_line(browser)[:200],
            "opened_at": now,
        },
    )
