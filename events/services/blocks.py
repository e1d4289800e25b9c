"""Keeping a person out of an event."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from events import permissions
from events.models import Block, Event, User
from events.services.access import ask_again
from events.services.rules import check_organizer
from events.signals import blocked
from hopin_backstage.realtime import Refused


@transaction.atomic
def block(*, actor: User, event: Event, user: User, blocked_in: UUID | None = None) -> Block:
    """Keeps a person out of the event, and ends their visits; the registration stays, unblocking gives it back.

    `blocked_in`: the Backstage session where it was done, for whoever keeps a log.
    Raises Refused: `event.not_yours`, `block.organizer`.
    """
    check_organizer(actor, event)
    if permissions.is_organizer(user, event):
        raise Refused(
            "block.organizer",
            _("%(name)s is an organizer of this event and cannot be blocked.") % {"name": user},
        )
    row, new = Block.objects.get_or_create(event=event, user=user, defaults={"by": actor})
    if new:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=True, blocked_in=blocked_in)
    ask_again(user)
    return row


@transaction.atomic
def unblock(*, actor: User, event: Event, user: User) -> None:
    """Lets a person in again; support staff may do it, too. Raises Refused: `event.not_yours`."""
    if not permissions.is_support_for_blocks(actor):
        check_organizer(actor, event)
    if event.blocks.filter(user=user).delete()[0]:
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=False, blocked_in=None)
