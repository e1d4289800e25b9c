"""Sending."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage.selectors import captured_when_seen
from chat import permissions, selectors
from chat.messages import LONGEST_MESSAGE
from chat.models import Mention, Message, Room
from chat.people import Standing
from chat.services.access import check_reading
from chat.services.announcing import announce_posted, locked
from chat.text import clean
from events.models import User
from hopin_backstage.realtime import Refused

#: One person may send so many messages in so long, in all rooms and on all pages together.
MOST_AT_ONCE, IN = 5, timedelta(seconds=5)
#: What comes later than so long after it was written says nothing of what the audience saw: a line may have been lost,
#: and what was on the screen at that time nobody has kept.
FRESH_FOR = timedelta(seconds=3)


def send(
    *,
    actor: User,
    room: Room,
    client_id: UUID,
    text: str,
    stage_id: UUID | None = None,
    written_at: datetime | None = None,
    mentions: Collection[int] = (),
) -> Message:
    """Stores a message, then tells everybody in the room. The same `client_id` again gives the message there is.

    `stage_id`: the Stage that the author of an event message watches; no other event's counts. `written_at`: when, by
    the server's clock; without it nothing is said of what the audience saw. `mentions`: whom the author chose by hand,
    which tells people of one name apart.
    Raises Refused as `check_reading`, and `chat.muted`; `message.` `empty`, `too_long`, `too_fast`, `gone` (sent
    before, and deleted since).
    """
    text = _checked(text)
    mentioned = selectors.mentioned(room, text, mentions)
    seen_at = _seen_at(room, stage_id, written_at) if stage_id is not None else None
    with locked(room.pk) as room:
        now = timezone.now()
        # In this order everywhere: the room, then the person, whose row makes all their rooms one.
        author = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        # Only now: while it waited, an organizer may have muted or blocked this person.
        _room, standing = check_reading(room=room, actor=actor)
        lately = list(
            author.chat_messages.filter(Q(created_at__gt=now - IN) | Q(room=room, client_id=client_id))
        )
        if sent := next(
            (each for each in lately if (each.room_id, each.client_id) == (room.pk, client_id)), None
        ):
            return _there_already(sent)
        _check_may_send(standing, sent_lately=len(lately))
        room.last_number += 1
        room.revision += 1
        message = Message.objects.create(
            room=room,
            number=room.last_number,
            client_id=client_id,
            author=author,
            role=standing.role,
            text=text,
            created_at=now,
            stage_id=stage_id if seen_at else None,
            seen_at=seen_at,
        )
        if mentioned:
            Mention.objects.bulk_create(
                Mention(message=message, person_id=person, name=name) for person, name in mentioned
            )
        room.save(update_fields=["last_number", "revision"])
        announce_posted(room, message)
    return message


def _checked(text: str) -> str:
    text = clean(text)
    if not text:
        raise Refused("message.empty", _("There is nothing in this message. Write something first."))
    if len(text) > LONGEST_MESSAGE:
        raise Refused(
            "message.too_long",
            _(
                "A message may have %(most)s characters, and yours has %(has)s. Shorten it, then send it again."
            )
            % {"most": LONGEST_MESSAGE, "has": len(text)},
        )
    return text


def _check_may_send(standing: Standing, *, sent_lately: int) -> None:
    if permissions.is_muted(standing):
        raise Refused("chat.muted", _("You have been muted by the organizer"))
    if sent_lately >= MOST_AT_ONCE:
        raise Refused(
            "message.too_fast",
            _("You can send %(most)s messages in %(seconds)s seconds. Wait a moment, then send it again.")
            % {"most": MOST_AT_ONCE, "seconds": round(IN.total_seconds())},
        )


def _there_already(sent: Message) -> Message:
    if sent.deleted_at is not None:
        raise Refused("message.gone", _("This message has been deleted."))
    return sent


def _seen_at(room: Room, stage_id: UUID, written_at: datetime | None) -> datetime | None:
    now = timezone.now()
    if room.kind != Room.Kind.EVENT or written_at is None or abs(now - written_at) > FRESH_FOR:
        return None
    return captured_when_seen(stage_id=stage_id, event_id=room.event_id, at=min(written_at, now))
