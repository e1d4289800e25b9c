"""Reads of the chat: what pages, sockets and the API are shown. Whether they may be is asked before, by `services`.

What has been deleted is in none of them. Each asks the database as often for many messages as for one.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import cast
from uuid import UUID

import msgspec
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage.selectors import photo_url
from chat import messages, permissions
from chat.models import ChatMute, Mention, Message, ReadMark, Room
from chat.people import Standing, people_of, roles
from events.models import User

#: People that are offered for one beginning of a name.
MOST_FOUND = 8


def snapshot(room: Room, standing: Standing, user: User) -> tuple[messages.ChatSnapshot, int]:
    """And a revision that it is at least as new as: that of `room`, which was read before all this."""
    newest, more = newest_messages(room, before=None)
    read_up_to = _read_up_to(room, user)
    timed = permissions.sees_what_was_seen(room, standing)
    return messages.ChatSnapshot(
        me=me(room, standing, user),
        messages=as_messages(newest, timed=timed),
        more=more,
        read_up_to=read_up_to,
        unread=_unread(room, user, after=read_up_to, up_to=newest[-1].number if newest else 0),
        muted_people=muted_people(room) if permissions.may_moderate(room, standing) else [],
        now=_iso(timezone.now()),
    ), room.revision


def me(room: Room, standing: Standing, user: User) -> messages.Me:
    return messages.Me(
        person=user.pk,
        moderates=permissions.may_moderate(room, standing),
        muted=permissions.is_muted(standing),
    )


def muted_people(room: Room) -> list[messages.MutedPerson]:
    """For organizers."""
    return [
        messages.MutedPerson(person=each.pk, name=shown_name(each)) for each in muted_users(room.event_id)
    ]


def muted_users(event_id: int) -> list[User]:
    """In the chats of the event, the newest last. For organizers."""
    mutes = ChatMute.objects.filter(event=event_id).order_by("pk").select_related("user")
    return [each.user for each in mutes]


def shown(room: Room) -> QuerySet[Message]:
    """What is in the history, with all that is told of it."""
    return (
        Message.objects.filter(room=room, deleted_at__isnull=True)
        .select_related("author")
        .prefetch_related("mentions")
    )


def newest_messages(room: Room, *, before: int | None) -> tuple[list[Message], bool]:
    """The last page, or the one before a message's number; oldest first. And whether there are older ones."""
    older = shown(room) if before is None else shown(room).filter(number__lt=before)
    page = list(older.order_by("-number")[: messages.PAGE + 1])
    return page[messages.PAGE - 1 :: -1], len(page) > messages.PAGE


def older(room: Room, *, before: int, timed: bool) -> messages.Older:
    page, more = newest_messages(room, before=before)
    return messages.Older(messages=as_messages(page, timed=timed), more=more)


def catch_up(room_id: UUID, *, revision: int, after: int, timed: bool) -> messages.CaughtUp:
    """What happened since. The room's revision is read first, so what is told is at least as new.

    Deletions behind `after`, too: the page may have been answered one of its own from there.
    """
    room = Room.objects.get(pk=room_id)
    page = list(shown(room).filter(number__gt=after).order_by("number")[: messages.PAGE + 1])
    come, more = page[: messages.PAGE], len(page) > messages.PAGE
    went = list(
        Message.objects.filter(room=room, deletion_revision__gt=revision)
        .order_by("deletion_revision")
        .values_list("pk", "deletion_revision")[: messages.DELETIONS]
    )
    seen = room.revision
    if len(went) == messages.DELETIONS:
        # The others are asked for behind the last of these.
        more, seen = True, went[-1][1] or seen
    return messages.CaughtUp(
        messages=as_messages(come, timed=timed), deleted=[str(pk) for pk, _ in went], more=more, revision=seen
    )


def find_people(room: Room, user: User, beginning: str) -> messages.Found:
    """Others whom one may mention here: their name, or a word of it, begins so."""
    begun = Q(display_name__istartswith=beginning) | Q(display_name__icontains=f" {beginning}")
    found = list(
        people_of(room)
        .filter(begun)
        .exclude(display_name="")
        .exclude(pk=user.pk)
        .order_by("display_name", "pk")[:MOST_FOUND]
    )
    role = roles(room.event_id, [each.pk for each in found])
    return messages.Found(
        people=[
            messages.Person(
                person=each.pk,
                name=each.display_name,
                photo=photo_url(each),
                colour=each.avatar_colour,
                role=cast("messages.Role", role[each.pk].value),
            )
            for each in found
        ]
    )


def people_called(room: Room, names: Collection[str]) -> dict[int, str]:
    """Who may read here and has one of these names, by id. Without names nothing is asked."""
    if not names:
        return {}
    called = people_of(room).filter(display_name__in=names)
    return dict(called.order_by("pk").values_list("pk", "display_name"))


def as_messages(page: Iterable[Message], *, timed: bool) -> list[messages.Message]:
    return [as_message(message, timed=timed) for message in page]


def as_message(message: Message, *, timed: bool) -> messages.Message:
    """As pages are told; `timed`: with what the audience saw then."""
    return messages.Message(
        id=str(message.pk),
        number=message.number,
        client_id=str(message.client_id),
        author=_author(message),
        text=message.text,
        at=_iso(message.created_at),
        seen_at=_iso(message.seen_at) if timed and message.seen_at else None,
        mentions=_mentions(message),
    )


def untimed(message: messages.Message) -> messages.Message:
    """As it is told to those who are not backstage."""
    return msgspec.structs.replace(message, seen_at=None)


def _author(message: Message) -> messages.Author:
    author = message.author
    if author is None:
        return messages.Author(
            person=None,
            name=_("Former attendee"),
            photo=None,
            colour=0,
            role=cast("messages.Role", message.role),
        )
    return messages.Author(
        person=author.pk,
        name=shown_name(author),
        photo=photo_url(author),
        colour=author.avatar_colour,
        role=cast("messages.Role", message.role),
    )


def shown_name(person: User) -> str:
    """Never the e-mail address, which stands in for a name elsewhere."""
    return person.display_name or _("Attendee")


def _mentions(message: Message) -> list[messages.Mention]:
    # Without an @ there are none, which spares the question for most that is sent.
    mentions: Iterable[Mention] = message.mentions.all() if "@" in message.text else ()
    return [messages.Mention(person=each.person_id, name=each.name) for each in mentions]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _read_up_to(room: Room, user: User) -> int:
    return ReadMark.objects.filter(room=room, user=user).values_list("number", flat=True).first() or 0


def _unread(room: Room, user: User, *, after: int, up_to: int) -> int:
    """Of what the snapshot has, and as it was at `room.revision`: what came or went since is told, and counted then."""
    was_there = Q(deleted_at__isnull=True) | Q(deletion_revision__gt=room.revision)
    others = Message.objects.filter(was_there, room=room, number__gt=after, number__lte=up_to).exclude(
        author=user
    )
    return others[: messages.MOST_UNREAD].count()
