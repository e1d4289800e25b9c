"""Keeping a person out of an event."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from events import permissions, selectors
from events.models import Block, Event, User
from events.services.access import ask_again
from events.services.rules import check_organizer
from events.signals import blocked
from hopin_backstage.realtime import Refused


@transaction.atomic
def block(*, actor: User, event: Event, user: User, blocked_in: UUID | None = None) -> Block:
    """Keeps a person out of the event, and ends their visits. The registration stays; its place is free for others.

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
    """Lets a person in again, who takes a place if they are registered; support staff may do it, too.

    Raises Refused: `event.not_yours`, `event.archived`, `registration.full`.
    """
    if not permissions.is_support_for_blocks(actor):
        check_organizer(actor, event)
    # The event's row is the lock, as for registering: of two who take the last place at once, one is refused.
    end_block(actor=actor, event=Event.objects.select_for_update().get(pk=event.pk), user=user)


def end_block(*, actor: User, event: Event, user: User) -> None:
    """Of an event whose row is locked; whether the actor may was asked before. Raises Refused `registration.full`."""
    blocks = event.blocks.filter(user=user)
    if blocks.exists():
        check_place_again(event, user)
        blocks.delete()
        blocked.send(sender=Event, actor=actor, event=event, user=user, now=False, blocked_in=None)


def check_place_again(event: Event, user: User) -> None:
    """A blocked person's place may be somebody else's by now. Raises Refused `registration.full`."""
    if selectors.registration_of(user, event) and selectors.is_full(event):
        raise Refused(
            "registration.full",
            _(
                "All places are taken: there is none left for %(name)s. Raise the capacity in the Settings first, or "
                "wait until a place is free."
            )
            % {"name": user},
        )
