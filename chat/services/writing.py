"""Sending."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeAlias, cast
from uuid import UUID

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from backstage.selectors import Airing, airing
from chat import permissions, selectors
from chat.messages import LONGEST_MESSAGE
from chat.models import Mention, Message, Room
from chat.people import Standing, StandingsOfAll
from chat.prepared import PreparedInsert, PreparedQuery, PreparedUpdate, run
from chat.services.access import not_registered, why_not
from chat.services.announcing import announce_posted, locked
from chat.text import clean, mentioned, possible_names
from events.models import User
from hopin_backstage.realtime import Refused

#: One person may send so many messages in so long, in all rooms and on all pages together.
MOST_AT_ONCE, IN = 5, timedelta(seconds=5)
#: What comes later than so long after it was written says nothing of what the audience saw: a line may have been lost,
#: and what was on the screen at that time nobody has kept.
FRESH_FOR = timedelta(seconds=3)


@dataclass(frozen=True, kw_only=True)
class Post:
    """What somebody sends to a room."""

    actor: User
    client_id: UUID
    """The page's own: the same one again is the same message."""
    text: str
    stage_id: UUID | None = None
    """The Stage that the author of an event message watches; no other event's counts."""
    written_at: datetime | None = None
    """By the server's clock; without it nothing is said of what the audience saw."""
    mentions: Collection[int] = ()
    """Whom the author chose by hand, which tells people of one name apart."""


Outcome: TypeAlias = Message | Refused


def send(*, room: Room, post: Post) -> Message:
    """Stores a message, then tells everybody in the room. The same `client_id` again gives the message there is.

    Raises Refused as `send_all` gives it.
    """
    (outcome,) = send_all(room=room, posts=[post])
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def send_all(*, room: Room, posts: Sequence[Post]) -> list[Outcome]:
    """Stores what several people send, in this order, then tells everybody in the room.

    Each has the outcome that it would have had alone, behind those before it: the message, or why it is refused:
    as by `check_reading`, `chat.muted`, `message.` `empty`, `too_long`, `too_fast`, `gone` (sent before, and deleted
    since). It is one transaction: if it fails, nothing of it is stored.
    """
    drafts = _drafts(room, posts)
    if all(isinstance(draft, Refused) for draft in drafts):
        return [draft for draft in drafts if isinstance(draft, Refused)]
    questions = _Questions(room, [draft.post for draft in drafts if isinstance(draft, _Draft)])
    with locked(room.pk, *questions.readings) as room:
        writer = _Writer(room, questions.answered(room))
        outcomes = [draft if isinstance(draft, Refused) else writer.write(draft) for draft in drafts]
        writer.store()
    return outcomes


# --- What needs no lock ----------------------------
@dataclass(frozen=True)
class _Draft:
    post: Post
    text: str
    mentioned: list[tuple[int, str]]
    seen_at: datetime | None


def _drafts(room: Room, posts: Sequence[Post]) -> list[_Draft | Refused]:
    on_air = cache(lambda stage_id: airing(stage_id=stage_id, event_id=room.event_id))
    texts = [_text(post) for post in posts]
    names = {name for text in texts if isinstance(text, str) for name in possible_names(text)}
    # Of all of them at once.
    people = selectors.people_called(room, names)
    return [
        text
        if isinstance(text, Refused)
        else _Draft(post, text, mentioned(text, people, post.mentions), _seen_at(room, post, on_air))
        for post, text in zip(posts, texts, strict=True)
    ]


def _text(post: Post) -> str | Refused:
    """As it is kept."""
    text = clean(post.text)
    if not text:
        return Refused("message.empty", _("There is nothing in this message. Write something first."))
    if len(text) > LONGEST_MESSAGE:
        return Refused(
            "message.too_long",
            _(
                "A message may have %(most)s characters, and yours has %(has)s. Shorten it, then send it again."
            )
            % {"most": LONGEST_MESSAGE, "has": len(text)},
        )
    return text


def _seen_at(room: Room, post: Post, on_air: Callable[[UUID], Airing | None]) -> datetime | None:
    if room.kind != Room.Kind.EVENT or post.stage_id is None or post.written_at is None:
        return None
    now = timezone.now()
    if abs(now - post.written_at) > FRESH_FOR:
        return None
    show = on_air(post.stage_id)
    return show.captured_when_seen(min(post.written_at, now)) if show else None


# --- What does ----------------------------
@dataclass(frozen=True)
class _Known:
    """Of those who send, by id; who has no account any more is not among them."""

    authors: dict[int, User]
    standings: dict[int, Standing]
    lately: dict[int, list[Message]]
    """What counts in their pace, in all rooms, and what may be sent again here, however old."""


class _Questions:
    """What has to be known of those who send; `readings` have to be run under the lock of the room.

    In this order everywhere: the room, then the people, whose locks make five in five seconds of all their rooms
    together. And only then how they stand: while they waited, an organizer may have muted or blocked somebody.
    """

    def __init__(self, room: Room, posts: Sequence[Post]) -> None:
        ids = sorted({post.actor.pk for post in posts})
        self._authors = _AUTHORS.reading(authors=ids)
        self._standings = StandingsOfAll(room, ids)
        self._lately = _LATELY.reading(
            room=room.pk,
            authors=ids,
            since=timezone.now() - IN,
            client_ids=[post.client_id for post in posts],
        )
        self.readings = [self._authors, *self._standings.readings, self._lately]

    def answered(self, room: Room) -> _Known:
        """Renews what the room knows of its event, too."""
        authors = {person.pk: person for person in self._authors.all()}
        lately: dict[int, list[Message]] = {pk: [] for pk in authors}
        for message in self._lately.all():
            message.author = authors[cast("int", message.author_id)]
            lately[message.author.pk].append(message)
        return _Known(authors, self._standings.found(room), lately)


class _Writer:
    """Under the lock of the room, and knowing all there is to know: decides of each draft, then stores."""

    def __init__(self, room: Room, known: _Known) -> None:
        self._room = room
        self._known = known
        # What was asked for is from before the wait for the lock on, so it may be more than counts.
        self._now = timezone.now()
        self._since = self._now - IN
        self._new: list[Message] = []
        self._mentions: list[Mention] = []

    def write(self, draft: _Draft) -> Outcome:
        author = self._known.authors.get(draft.post.actor.pk)
        if author is None:
            return not_registered()
        standing = self._known.standings[author.pk]
        if refusal := why_not(self._room, standing, author):
            return refusal
        lately = self._known.lately[author.pk]
        if sent := next((each for each in lately if self._is(each, draft)), None):
            return _there_already(sent)
        if refusal := _may_not_send(standing, sum(each.created_at > self._since for each in lately)):
            return refusal
        message = self._message(draft, author, standing)
        lately.append(message)
        return message

    def _is(self, message: Message, draft: _Draft) -> bool:
        return (message.room_id, message.client_id) == (self._room.pk, draft.post.client_id)

    def _message(self, draft: _Draft, author: User, standing: Standing) -> Message:
        self._room.last_number += 1
        self._room.revision += 1
        message = Message(
            room=self._room,
            number=self._room.last_number,
            client_id=draft.post.client_id,
            author=author,
            role=standing.role,
            text=draft.text,
            created_at=self._now,
            stage_id=draft.post.stage_id if draft.seen_at else None,
            seen_at=draft.seen_at,
        )
        self._new.append(message)
        self._mentions += [
            Mention(message=message, person_id=person, name=name) for person, name in draft.mentioned
        ]
        return message

    def store(self) -> None:
        if not self._new:
            return
        run(*map(_INSERTED.of, self._new), _COUNTED.of(self._room))
        if self._mentions:
            Mention.objects.bulk_create(self._mentions)
        # Each is told to the room and answered to its author.
        prefetch_related_objects([each for each in self._new if "@" in each.text], "mentions")
        announce_posted(self._room, self._new)


def _in_turn(authors: object) -> QuerySet[User]:
    """The one with the least id first, whoever locks them."""
    return User.objects.select_for_update(no_key=True).filter(pk__in=authors).order_by("pk")


def _lately(room: object, authors: object, since: object, client_ids: object) -> QuerySet[Message]:
    here = Q(room=room, client_id__in=client_ids)
    return Message.objects.filter(Q(created_at__gt=since) | here, author__in=authors).order_by()


_AUTHORS: PreparedQuery[User] = PreparedQuery(_in_turn, authors=User._meta.pk)
_LATELY: PreparedQuery[Message] = PreparedQuery(
    _lately,
    room=Room._meta.pk,
    authors=User._meta.pk,
    since=Message._meta.get_field("created_at"),
    client_ids=Message._meta.get_field("client_id"),
)
_INSERTED = PreparedInsert(Message)
_COUNTED = PreparedUpdate(Room, "last_number", "revision")


def _may_not_send(standing: Standing, sent_lately: int) -> Refused | None:
    if permissions.is_muted(standing):
        return Refused("chat.muted", _("You have been muted by the organizer"))
    if sent_lately >= MOST_AT_ONCE:
        return Refused(
            "message.too_fast",
            _("You can send %(most)s messages in %(seconds)s seconds. Wait a moment, then send it again.")
            % {"most": MOST_AT_ONCE, "seconds": round(IN.total_seconds())},
        )
    return None


def _there_already(sent: Message) -> Outcome:
    return Refused("message.gone", _("This message has been deleted.")) if sent.deleted_at else sent
