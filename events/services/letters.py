"""Letters of registration that the mail server did not take: kept by what they are about, and tried again for a day."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from events import confirmations, permissions
from events.models import Event, Registration, UnsentLetter

log = structlog.get_logger(__name__)

TRIED_FOR = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=1)
#: Longer than a try takes; whoever is killed in one leaves the letter to others after that.
CLAIMED_FOR = timedelta(minutes=2)


def send_confirmation(*, registration: Registration, page: str) -> None:
    """To be called on commit. What the mail server does not take just now is left to `send_unsent`."""
    if not confirmations.confirm_registration(registration=registration, page=page):
        UnsentLetter.objects.create(
            registration=registration, page=page[:500], next_at=timezone.now() + pause(1)
        )


def send_unsent() -> int:
    """Sends what is due, and says how much that was. Ends with the first that fails: the mail server is away.

    Several processes may do this at once: each letter is claimed before it is sent.
    """
    sent = 0
    while (letter := _claim()) is not None:
        if _is_late(letter):
            log.warning("letter_given_up", registration=letter.registration_id, attempts=letter.attempts)
        elif not confirmations.confirm_registration(registration=letter.registration, page=letter.page):
            letter.attempts += 1
            letter.next_at = timezone.now() + pause(letter.attempts)
            letter.save(update_fields=["attempts", "next_at"])
            break
        else:
            sent += 1
        letter.delete()
    return sent


def pause(attempts: int) -> timedelta:
    """After so many tries: a minute, two, four, … up to an hour."""
    return min(timedelta(minutes=2 ** (min(attempts, 10) - 1)), LONGEST_PAUSE)


def _claim() -> UnsentLetter | None:
    now = timezone.now()
    due = UnsentLetter.objects.filter(next_at__lte=now).order_by("next_at")
    # Asked without a lock first: mostly nothing is due, and on SQLite the lock would be that of all writers.
    if not due.exists():
        return None
    with transaction.atomic():
        letter = due.select_for_update(skip_locked=True, of=("self",)).first()
        if letter is None:
            return None
        letter.next_at = now + CLAIMED_FOR
        letter.save(update_fields=["next_at"])
    return UnsentLetter.objects.select_related("registration__event", "registration__user").get(pk=letter.pk)


def _is_late(letter: UnsentLetter) -> bool:
    """Nobody is glad of it any more: a day has passed, or the event has."""
    event: Event = letter.registration.event
    now = timezone.now()
    return letter.created_at <= now - TRIED_FOR or event.ends_at <= now or permissions.is_archived(event)
