"""Everybody who is registered is written to: one row says so, and the letters are handed out from it, few at a time.

The letters are those of `letters.send_next`: made from the event as it is then, tried again, and given up as it says.
"""

from django.db import transaction
from django.db.models import Q, QuerySet
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

    What an earlier mailing has not sent yet is not sent any more; where the event is off, not before it is on again.
    Writes a row, however many are registered. Raises Refused `event.mailed_often`, and RedisError.
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
    if kind == LetterKind.CALLED_OFF:
        hold(event=event)
    else:
        _end(event)
    _begin(event, kind, page)


def hold(*, event: Event) -> None:
    """Within the transaction in which the event ceases to be public: of a mailing that is on its way the rest waits.

    It would be given up letter by letter, and whoever was told of the event before would never hear the last of it.
    """
    # Those that the mail server has refused stay: behind them, others have theirs.
    untried = _letters_of(event).exclude(kind=LetterKind.CALLED_OFF).filter(attempts=0)
    for mailing in _lock(event.mailings.exclude(kind=LetterKind.CALLED_OFF).order_by("-pk")[:1]):
        first = untried.order_by("registration").values_list("registration", flat=True).first()
        if first is not None:
            untried.delete()
            mailing.reached, mailing.ended_at = first - 1, None
            mailing.save(update_fields=["reached", "ended_at"])


def call_on_again(*, event: Event, page: str) -> None:
    """Whoever may have been told that the event is off is told that it is on again; else what was held goes on."""
    # Locked first: letters may be handed out at this moment.
    _lock(event.mailings.filter(ended_at__isnull=True))
    off = selectors.calling_off(event)
    if off is not None and off.reached:
        _end(event)
        _begin(event, LetterKind.ON_AGAIN, page)
    elif off is not None:
        event.mailings.filter(pk=off.pk).update(ended_at=timezone.now())


def _begin(event: Event, kind: str, page: str) -> None:
    last = event.registrations.order_by("-pk").values_list("pk", flat=True).first()
    if last is not None:
        Mailing.objects.create(event=event, kind=kind, page=page[:500], up_to=last)


def _end(event: Event) -> None:
    """What is not sent yet of any mailing of this event is not sent any more."""
    event.mailings.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    _letters_of(event).delete()


def _lock(mailings: QuerySet[Mailing]) -> list[Mailing]:
    """As whoever hands out their letters does."""
    return list(mailings.select_for_update(of=("self",)))


def _letters_of(event: Event) -> QuerySet[UnsentLetter]:
    """Of its mailings."""
    return UnsentLetter.objects.filter(registration__event=event).exclude(kind=LetterKind.REGISTERED)


def _waiting() -> QuerySet[Mailing]:
    """Those with letters to hand out, the oldest first; not of events that are off, but that they are."""
    public = Q(event__status=Event.Status.PUBLISHED, event__archived_at__isnull=True)
    off = Q(kind=LetterKind.CALLED_OFF)
    return Mailing.objects.filter(public | off, ended_at__isnull=True).order_by("pk")


def hand_out() -> bool:
    """The next letters of the oldest mailing. False: there are none. Several processes may do this at once."""
    # Asked without a lock first: mostly there is none, and on SQLite the lock would be that of all writers.
    return _waiting().exists() and _hand_out_next()


@transaction.atomic
def _hand_out_next() -> bool:
    mailings = _waiting().select_for_update(skip_locked=True, of=("self",))
    mailing = mailings.select_related("event").first()
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
