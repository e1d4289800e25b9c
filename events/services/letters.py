"""Letters to whoever is registered that the mail server has not taken yet: kept by what they say, tried for a day."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from events import confirmations, permissions
from events.models import Event, LetterKind, Registration, UnsentLetter, User
from events.services.mailings import hand_out

log = structlog.get_logger(__name__)

TRIED_FOR = timedelta(days=1)
LONGEST_PAUSE = timedelta(hours=1)
#: Longer than a try takes; whoever is killed in one leaves the letter to others after that.
CLAIMED_FOR = timedelta(minutes=2)


def send_confirmation(*, registration: Registration, page: str) -> None:
    """To be called on commit. What the mail server does not take just now is left to `send_next`."""
    if not confirmations.send(registration=registration, page=page):
        UnsentLetter.objects.create(
            registration=registration, page=page[:500], next_at=timezone.now() + pause(1)
        )


def send_next() -> bool:
    """Sends one that is due, or gives it up; where none is due, hands out those of a mailing.

    False: there is nothing to do, or the mail server did not take it and is away.
    Several processes may do this at once: each letter is claimed before it is sent.
    """
    letter = _claim()
    if letter is None:
        return hand_out()
    if _is_unwanted(letter):
        log.warning("letter_given_up", registration=letter.registration_id, attempts=letter.attempts)
    elif not confirmations.send(registration=letter.registration, page=letter.page, kind=letter.kind):
        attempts = letter.attempts + 1
        # Not `save`: the registration may have been given back meanwhile, and the letter with it.
        UnsentLetter.objects.filter(pk=letter.pk).update(
            attempts=attempts, next_at=timezone.now() + pause(attempts)
        )
        return False
    letter.delete()
    return True


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
    whole = UnsentLetter.objects.select_related("registration__event__organization", "registration__user")
    return whole.filter(pk=letter.pk).first()


def _is_unwanted(letter: UnsentLetter) -> bool:
    """Nobody is glad of it any more: a day has passed, or the event has, or its page is not for the person any more."""
    event, user = letter.registration.event, letter.registration.user
    now = timezone.now()
    return (
        letter.created_at <= now - TRIED_FOR
        or event.ends_at <= now
        or not user.is_active
        or permissions.is_blocked(user, event)
        or not _is_true(letter, user, event)
    )


def _is_true(letter: UnsentLetter, user: User, event: Event) -> bool:
    if letter.kind == LetterKind.CALLED_OFF:
        return not permissions.is_public(event)
    return permissions.may_see_event(user, event) and not permissions.is_archived(event)
