"""Everybody who is registered is written to: one row says so, and the letters are handed out from it, few at a time.

The letters are those of `letters.send_next`: made from the event as it is then, tried again, and given up as it says.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import selectors
from events.models import Event, LetterKind, Mailing, UnsentLetter
from events.services.pacing import count
from hopin_backstage.realtime import Refused

#: Letters that are handed out at a time.
CHUNK = 200
#: Mailings of one event, and seconds.
MOST_MAILINGS, MAILINGS_WITHIN_S = 5, 3_600


def mail_everybody(*, event: Event, kind: str, page: str) -> None:
    """Within the transaction of what there is to tell; `page`: the whole address of the event's page, for the letters.

    What an earlier mailing has not sent yet is not sent any more. Writes a row, however many are registered.
    Raises Refused `event.mailed_often`, and RedisError.
    """
    if event.ends_at <= timezone.now():
        return
    count(
        f"mailing {event.pk}",
        most=MOST_MAILINGS,
        within_s=MAILINGS_WITHIN_S,
        otherwise=Refused(
            "event.mailed_often",
            _(
                "Everybody who is registered has had several e-mails about this event within the hour. Wait a while, "
                "or untick the e-mail to go on without one."
            ),
        ),
    )
    _begin(event, kind, page)


def call_on_again(*, event: Event, page: str) -> None:
    """Whoever may have been written to that the event is off is told that it is on again; else nothing happens."""
    off = selectors.calling_off(event)
    if off is not None and off.reached:
        _begin(event, LetterKind.ON_AGAIN, page)
    elif off is not None:
        _end(event)


def _begin(event: Event, kind: str, page: str) -> None:
    _end(event)
    last = event.registrations.order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        Mailing.objects.create(event=event, kind=kind, page=page[:500], up_to=last)


def _end(event: Event) -> None:
    """What is not sent yet of any mailing of this event is not sent any more."""
    event.mailings.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    mailed = UnsentLetter.objects.filter(registration__event=event)
    mailed.exclude(kind=LetterKind.REGISTERED).delete()


@transaction.atomic
def hand_out() -> bool:
    """The next letters of the oldest mailing. False: there are none. Several processes may do this at once."""
    mailing = (
        Mailing.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(ended_at__isnull=True)
        .select_related("event")
        .order_by("pk")
        .first()
    )
    if mailing is None:
        return False
    registered = selectors.with_places(mailing.event).filter(pk__gt=mailing.reached, pk__lte=mailing.up_to)
    chunk = list(registered.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    UnsentLetter.objects.bulk_create(
        [
            UnsentLetter(
                registration_id=pk,
                kind=mailing.kind,
                page=mailing.page,
                attempts=0,
                next_at=timezone.now(),
            )
            for pk in chunk
        ],
        # Whoever waits for the letter of their registration is told by that: it is made from the event as it is.
        ignore_conflicts=True,
    )
    if len(chunk) < CHUNK:
        mailing.ended_at = timezone.now()
    mailing.reached = chunk[-1] if chunk else mailing.up_to
    mailing.save(update_fields=["ended_at", "reached"])
    return True
