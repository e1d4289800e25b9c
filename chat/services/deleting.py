"""Taking back what was written."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage.actions import Action
from chat import permissions
from chat.models import Message, Room
from chat.services.access import check_reading
from chat.services.announcing import announce_deleted, locked
from chat.signals import acted
from events.models import User
from hopin_backstage.realtime import Refused


def delete(*, actor: User, room: Room, message_id: UUID) -> None:
    """Erases a message: its text and whom it mentions are gone for ever. Deleting twice is deleting once.

    Tells everybody in the room; what an organizer takes from somebody else is in the audit log. Raises Refused as
    `check_reading`, and `message.` `unknown`, `not_yours`, `too_late`.
    """
    with locked(room.pk) as locked_room:
        # Only now: while it waited, the person may have been blocked, or be no organizer any more.
        room, standing = check_reading(room=room, actor=actor)
        message = Message.objects.filter(room=room, pk=message_id).select_related("author").first()
        if message is None:
            raise Refused("message.unknown", _("This message is not in this chat."))
        now = timezone.now()
        if not permissions.may_delete(room, standing, actor, message, now):
            raise _not_deletable(message, actor)
        if message.deleted_at is not None:
            return
        locked_room.revision += 1
        locked_room.save(update_fields=["revision"])
        Message.objects.filter(pk=message.pk).update(
            text="", deleted_at=now, deleted_by=actor, deletion_revision=locked_room.revision
        )
        message.mentions.all().delete()
        if message.author_id != actor.pk:
            acted.send(
                sender=Room,
                action=Action.MESSAGE_DELETED,
                actor=actor,
                room=room,
                event=room.event,
                target=message.author,
            )
        announce_deleted(locked_room, message)


def _not_deletable(message: Message, actor: User) -> Refused:
    if message.author_id != actor.pk:
        return Refused("message.not_yours", _("Only organizers can delete messages of others."))
    return Refused(
        "message.too_late",
        _("You can delete a message for %(minutes)s minutes. Ask an organizer to delete it.")
        % {"minutes": round(permissions.OWN_DELETABLE_FOR.total_seconds() / 60)},
    )
