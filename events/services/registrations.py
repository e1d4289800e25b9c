"""Coming to an event."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import permissions
from events.models import Event, Registration, User
from events.services.access import ask_again
from hopin_backstage.realtime import Refused


@transaction.atomic
def register(*, actor: User, event: Event) -> Registration:
    """The actor may come; asking twice is asking once.

    Raises Refused: `event.unknown`, `event.over`, and `registration.` `blocked`, `closed` or `full`.
    """
    # The event's row is the lock: the last place is given once, however many ask for it at the same moment.
    event = Event.objects.select_for_update().get(pk=event.pk)
    _check_welcome(actor, event)
    if there := event.registrations.filter(user=actor).first():
        return there
    _check_open(event)
    return Registration.objects.create(event=event, user=actor)


@transaction.atomic
def unregister(*, actor: User, event: Event) -> None:
    """Gives the actor's place back, and ends their visits. Nothing happens to somebody who has none."""
    event.registrations.filter(user=actor).delete()
    ask_again(actor)


def _check_welcome(actor: User, event: Event) -> None:
    if not permissions.may_see_event(actor, event):
        raise Refused(
            "event.unknown", _("There is no such event. Check the link with whoever sent it to you.")
        )
    if permissions.is_blocked(actor, event):
        raise Refused(
            "registration.blocked",
            _("An organizer of this event has blocked you. Contact them if this is a mistake."),
        )


def _check_open(event: Event) -> None:
    if event.ends_at <= timezone.now():
        raise Refused("event.over", _("This event is over. You can no longer register."))
    if not event.registration_open:
        raise Refused(
            "registration.closed", _("Registration is closed. Ask the organizer whether you can still come.")
        )
    if event.capacity is not None and event.registrations.count() >= event.capacity:
        raise Refused(
            "registration.full", _("All places are taken. Ask the organizer whether one becomes free.")
        )
