"""Who may not write in the chats of an event."""

from django.db import transaction
from django.utils.translation import gettext as _

from backstage.actions import Action
from chat.messages import PersonMuted
from chat.models import ChatMute, Message, Room
from chat.selectors import shown_name
from chat.signals import acted
from events import permissions as events_permissions
from events.models import Event, User
from hopin_backstage.realtime import Refused, groups, publish


@transaction.atomic
def mute(*, actor: User, event: Event, person_id: int, muted: bool) -> None:
    """The person reads, and writes no more in any chat of the event; or may write again.

    Tells the organizers and the person; is in the audit log. Raises Refused: `forbidden`, `chat.person_unknown`,
    `chat.mute_organizer`.
    """
    if not events_permissions.is_organizer(actor, event):
        raise Refused("forbidden", _("Only organizers can do this."))
    # Sending holds this row, too: what the person sends is there before they are muted, or refused.
    person = User.objects.select_for_update(no_key=True).filter(pk=person_id).first()
    if person is None or not _is_known(person, event):
        raise Refused("chat.person_unknown", _("This person is not in the chats of this event."))
    if muted and events_permissions.is_organizer(person, event):
        raise Refused(
            "chat.mute_organizer",
            _("%(name)s is an organizer of this event and cannot be muted.") % {"name": person},
        )
    if not _change(actor, event, person, muted=muted):
        return
    acted.send(
        sender=Room,
        action=Action.CHAT_MUTED if muted else Action.CHAT_UNMUTED,
        actor=actor,
        room=None,
        event=event,
        target=person,
    )
    notice = PersonMuted(person=person.pk, name=shown_name(person), muted=muted)
    for room_id in event.chat_rooms.values_list("pk", flat=True):
        publish(groups.chat_moderation(room_id), notice)
        publish(groups.chat_person(room_id, person.pk), notice)


def _is_known(person: User, event: Event) -> bool:
    """Nobody else: an id says nothing of whose it is."""
    return (
        events_permissions.is_registered(person, event)
        or events_permissions.is_organizer(person, event)
        or Message.objects.filter(room__event=event, author=person).exists()
        # Who was muted and has gone since can still be unmuted.
        or ChatMute.objects.filter(event=event, user=person).exists()
    )


def _change(actor: User, event: Event, person: User, *, muted: bool) -> bool:
    """False: it was so already."""
    if muted:
        return ChatMute.objects.get_or_create(event=event, user=person, defaults={"by": actor})[1]
    return bool(ChatMute.objects.filter(event=event, user=person).delete()[0])
