"""The wire of /ws/chat/backstage/TOKEN/ and /ws/chat/event/EVENT/: one chat room a connection.

Messages of a room are numbered from 1 without gaps (`number`), and so is every change of the room (the revision of
its notices): a page that misses one asks with `chat.catch_up`, so nothing that was sent is ever lost to it. Notices of
several web processes may overtake one another: a page gives a gap a moment to close before it asks.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from chat.text import MOST_MENTIONS
from hopin_backstage.realtime import Command, Notice

#: Characters of one message, counted as people count them in a form: code points after normalization.
LONGEST_MESSAGE = 500
#: Messages that one answer holds.
PAGE = 50
#: Deletions that one answer holds.
DELETIONS = 200
#: Unread messages are counted up to here.
MOST_UNREAD = 100

MessageText = Annotated[str, Meta(min_length=1, max_length=4 * LONGEST_MESSAGE)]
"""Loose: the service says what is too long, in words; this only bounds what is looked at."""


Role = Literal["organizer", "speaker", ""]


class Author(Struct, frozen=True, kw_only=True):
    person: int | None
    """None: the account is gone, and the name says "Former attendee"."""
    name: str
    photo: str | None
    colour: int
    role: Role
    """At the time of writing. `speaker`: on screen in one of the event's Backstages, or was and may return there."""


class Mention(Struct, frozen=True, kw_only=True):
    person: int
    name: str
    """As it stands in the text behind the @."""


class Message(Struct, frozen=True, kw_only=True):
    id: str
    number: int
    client_id: str
    """The page's own, made before it was sent: by it the author's page knows what it already shows."""
    author: Author
    text: str
    """Plain text. Pages make links of http and https themselves, and nothing else."""
    at: str
    """ISO 8601, UTC: when it was stored."""
    seen_at: str | None
    """ISO 8601, UTC. Of an event message: when that was captured which the audience of the author's Stage saw as it was
    written. None: the Stage was not on air, or nobody can say when it was written. Told to people backstage only."""
    mentions: list[Mention]


class Me(Struct, frozen=True, kw_only=True):
    person: int
    moderates: bool
    """May delete any message and mute people here."""
    muted: bool
    """By an organizer: reads, and cannot write."""


class Person(Struct, frozen=True, kw_only=True):
    """Somebody whom one may mention here."""

    person: int
    name: str
    photo: str | None
    colour: int
    role: Role


class MutedPerson(Struct, frozen=True, kw_only=True):
    """By an organizer, each by hand, so they are few."""

    person: int
    name: str


class ChatSnapshot(Notice):
    """After coming in. With the room's revision."""

    wire_type: ClassVar[str] = "chat.snapshot"
    me: Me
    messages: list[Message]
    """The newest, at most a page, oldest first."""
    more: bool
    """There are older ones."""
    read_up_to: int
    """The number of the newest message this person has read, on any of their pages."""
    unread: int
    """Messages of others behind it that are not deleted, counted up to 100."""
    muted_people: list[MutedPerson]
    """In the chats of this event, whether they wrote anything or not, the newest last; empty for everybody but
    organizers."""
    now: str
    """ISO 8601, UTC: when this was put together. By it a page whose clock is another says when it wrote something."""


class ChatClosed(Notice):
    """To an organizer of a draft, instead of a snapshot: once the event is published, the chat opens with one."""

    wire_type: ClassVar[str] = "chat.closed"


class MessagePosted(Notice):
    wire_type: ClassVar[str] = "message.posted"
    message: Message


class MessageDeleted(Notice):
    """From every screen: it is gone from the history, too.

    A page that has not loaded it counts it as unread: where it stood and whose it was says if it still was.
    """

    wire_type: ClassVar[str] = "message.deleted"
    message: str
    number: int
    author: int | None
    """None: the account is gone."""


class PersonMuted(Notice):
    """To organizers of the room and to the person: may write no more, or again."""

    wire_type: ClassVar[str] = "chat.muted"
    person: int
    name: str
    muted: bool


class RoomIsAt(Notice):
    """Now and then: a page whose revision is older missed a notice that no gap has shown yet, and asks."""

    wire_type: ClassVar[str] = "chat.at"
    as_of: int


class ReadElsewhere(Notice):
    """To the other pages of one person."""

    wire_type: ClassVar[str] = "chat.read"
    read_up_to: int


class GetSnapshot(Command):
    """→ a chat.snapshot before the ok."""

    wire_type: ClassVar[str] = "snapshot.get"
    cost: ClassVar[int] = 4


class Send(Command):
    """→ stored, then shown to everybody. The same `client_id` again: the same message, once. ok: Sent."""

    wire_type: ClassVar[str] = "message.send"
    cost: ClassVar[int] = 2
    client_id: UUID
    text: MessageText
    stage: UUID | None = None
    """Of an event message: the Stage that its author is watching."""
    written_at: Annotated[datetime, Meta(tz=True)] | None = None
    """When its author pressed Send, by the server's clock as far as the page knows it; None: the page does not."""
    mentions: Annotated[list[int], Meta(max_length=MOST_MENTIONS)] = []
    """Whom the author chose from a list. Of several people of one name these alone are mentioned."""


class Sent(Struct, frozen=True, kw_only=True):
    message: Message


class CatchUp(Command):
    """→ what happened in the room since a revision that the page has seen; asked on reconnecting and after a gap.

    ok: CaughtUp.
    """

    wire_type: ClassVar[str] = "chat.catch_up"
    cost: ClassVar[int] = 4
    revision: Annotated[int, Meta(ge=0)]
    after: Annotated[int, Meta(ge=0)]
    """The number of the newest message that the page has, before the gap if there is one."""


class CaughtUp(Struct, frozen=True, kw_only=True):
    messages: list[Message]
    """Behind `after`, oldest first, at most a page."""
    deleted: list[str]
    """Messages that went since `revision`, also such as stood behind `after`. Not whose they were: whoever asks may not
    have been there to read them."""
    more: bool
    """Ask again with `revision`, behind the last of these."""
    revision: int
    """What the page has seen with this answer."""


class GetOlder(Command):
    """→ what was written before. ok: Older."""

    wire_type: ClassVar[str] = "messages.older"
    cost: ClassVar[int] = 4
    before: Annotated[int, Meta(ge=1)]
    """The number of the oldest message that the page has."""


class Older(Struct, frozen=True, kw_only=True):
    messages: list[Message]
    """The page just before, oldest first."""
    more: bool


class Delete(Command):
    """→ gone. Authors for five minutes, organizers always."""

    wire_type: ClassVar[str] = "message.delete"
    cost: ClassVar[int] = 4
    message: UUID


class MutePerson(Command):
    """→ may write here no more, or again; organizers. In all chats of the event."""

    wire_type: ClassVar[str] = "chat.mute"
    cost: ClassVar[int] = 8
    person: int
    muted: bool


class Read(Command):
    """→ this person has read up to there."""

    wire_type: ClassVar[str] = "chat.read_up_to"
    number: Annotated[int, Meta(ge=0)]


class FindPeople(Command):
    """→ people whom one may mention and whose name, or a word of it, begins so. ok: Found."""

    wire_type: ClassVar[str] = "people.find"
    cost: ClassVar[int] = 4
    beginning: Annotated[str, Meta(max_length=40)]


class Found(Struct, frozen=True, kw_only=True):
    people: list[Person]
    """At most eight."""
