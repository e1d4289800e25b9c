"""Coming to an event."""

import redis
import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import permissions, selectors
from events.deeds import Deed
from events.models import Event, Registration, User
from events.services.access import ask_again
from events.services.letters import send_confirmation
from events.services.pacing import count_within
from events.services.rules import archived, check_runs
from events.signals import dashboard_acted
from hopin_backstage.realtime import Refused

log = structlog.get_logger(__name__)

#: Letters to one person about one event, and seconds.
MOST_LETTERS, LETTERS_WITHIN_S = 3, 3_600


@transaction.atomic
def register(*, actor: User, event: Event, page: str = "") -> Registration:
    """The actor may come, and is sent a letter with a calendar file on commit; asking twice is asking once.

    `page`: the whole address of the event's page, for the letter. One that cannot be sent costs nobody the place, and
    is tried again.
    Raises Refused: `event.unknown`, `event.archived`, `event.over`, and `registration.` `blocked`, `closed` or `full`.
    """
    # The event's row is the lock: the last place is given once, however many ask for it at the same moment.
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_welcome(actor, event)
    if there := event.registrations.filter(user=actor).first():
        return there
    _check_open(event)
    registration = Registration.objects.create(event=event, user=actor)
    _send_confirmation(registration, page)
    return registration


@transaction.atomic
def unregister(*, actor: User, event: Event) -> None:
    """Gives the actor's place back, and ends their visits. Nothing happens to somebody who has none."""
    event.registrations.filter(user=actor).delete()
    ask_again(actor)


def _send_confirmation(registration: Registration, page: str) -> None:
    def send() -> None:
        if _count_letter(registration):
            send_confirmation(registration=registration, page=page)

    # Robust: whatever else may break in a letter is logged, and is no reason to say that registering failed.
    transaction.on_commit(send, robust=True)


def _count_letter(registration: Registration) -> bool:
    """One more. False: whoever comes and goes again and again has the letter already."""
    what = f"registration letter {registration.event_id} {registration.user_id}"
    try:
        return count_within(what, most=MOST_LETTERS, within_s=LETTERS_WITHIN_S)
    except (redis.RedisError, OSError):
        # Better one letter too many than a person without one.
        log.warning("letters_not_counted", registration=registration.pk)
        return True


def note_came(*, user: User, event: Event) -> None:
    """The person is at a Stage or inside a Backstage. The first time is kept, of whoever is registered."""
    first = event.registrations.filter(user=user, came_at__isnull=True)
    # Asked before it is written: nobody waits for a writer's lock each time they come.
    if first.exists():
        first.update(came_at=timezone.now())


def note_export(*, actor: User, event: Event) -> None:
    """Addresses of people have left the product: it is logged. Raises Refused `event.not_yours`."""
    check_runs(actor, event)
    dashboard_acted.send(
        sender=Event, deed=Deed.PEOPLE_EXPORTED, actor=actor, event=event, user=None, detail=""
    )


def _check_welcome(actor: User, event: Event) -> None:
    if not permissions.may_see_event(actor, event):
        raise Refused(
            "event.unknown", _("There is no such event. Check the link with whoever sent it to you.")
        )
    if permissions.is_blocked(actor, event):
        raise Refused(
            "registration.blocked",
            _(
                "An organizer of this event has blocked you. Write to whoever invited you if this is a mistake."
            ),
        )


def _check_open(event: Event) -> None:
    if permissions.is_archived(event):
        raise archived()
    if event.ends_at <= timezone.now():
        raise Refused("event.over", _("This event is over. You can no longer register."))
    if not event.registration_open:
        raise Refused(
            "registration.closed",
            _("Registration is closed. Ask whoever invited you whether you can still come."),
        )
    if selectors.is_full(event):
        raise Refused(
            "registration.full", _("All places are taken. Ask whoever invited you whether one becomes free.")
        )
