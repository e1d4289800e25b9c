"""Reads of what everybody who is registered has been written."""

from django.utils import timezone

from events.models import Event, LetterKind, Mailing
from events.permissions import is_public
from events.selectors.places import with_places


def people_to_mail(event: Event) -> int:
    """How many are written to when the event changes: all who take a place, while it is public and not over."""
    if not is_public(event) or event.ends_at <= timezone.now():
        return 0
    return with_places(event).count()


def calling_off(event: Event) -> Mailing | None:
    """The last mailing about the event, if it is that which says that it is off."""
    last = event.mailings.order_by("-pk").first()
    return last if last is not None and last.kind == LetterKind.CALLED_OFF else None


def people_to_tell_again(event: Event) -> int:
    """How many are written to when it is published: all, where some may have been told that it is off; else nobody.

    If it was on again since, and off before all had been told so: those who have not.
    """
    off = calling_off(event)
    if off is not None and off.reached:
        return with_places(event).count()
    on_again = event.mailings.filter(kind=LetterKind.ON_AGAIN, ended_at__isnull=True).last()
    if on_again is None:
        return 0
    return with_places(event).filter(pk__gt=on_again.reached, pk__lte=on_again.up_to).count()
