"""Group commit: messages that wait for the same room are stored together, each with an outcome of its own.

Nobody waits for others to come: what is there when the database's thread is free is stored, and what comes meanwhile
is the next batch. A calm room has batches of one; a busy one has larger ones, which cost hardly more.
"""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import InterfaceError, OperationalError

from chat import kept_connection, messages, selectors, services
from chat.models import Room
from chat.services import Post
from hopin_backstage.realtime import Refused

#: Messages that are stored at once: others wait for the room's lock and for the thread as long as that takes.
MOST_TOGETHER = 64

Answer: TypeAlias = messages.Message | Exception
"""What is told to whoever sent; an exception is raised there: Refused, or whatever went wrong."""


async def send(room: Room, post: Post) -> messages.Message:
    """As `services.send`, and as the author is answered (`timed`).

    What has been given here is stored also if its sender does not wait for it any more. Of one sender, and of all in
    this process, the messages are stored in the order in which they are given.
    """
    waiting = _Waiting(post, asyncio.get_running_loop().create_future())
    _queue(room).add(waiting)
    return await waiting.answer


@dataclass(frozen=True, eq=False)
class _Waiting:
    post: Post
    answer: "asyncio.Future[messages.Message]"


class _Queue:
    """What waits for one room, in one event loop. It is there as long as something does."""

    def __init__(self, room: Room, key: "_Key") -> None:
        self._room = room
        self._key = key
        self._waiting: deque[_Waiting] = deque()
        self._storing: asyncio.Task[None] | None = None

    def add(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                batch: list[_Waiting] = []
                try:
                    answers = await sync_to_async(self._store)(batch)
                except Exception as error:
                    # Around our work, not in it.
                    batch = batch or [self._waiting.popleft()]
                    answers = [error] * len(batch)
                for waiting, answer in zip(batch, answers, strict=True):
                    _tell(waiting, answer)
        finally:
            del _queues[self._key]

    def _store(self, batch: list[_Waiting]) -> list[Answer]:
        """In the database's thread. Only there is the batch taken: while we waited for it more may have come."""
        while self._waiting and len(batch) < MOST_TOGETHER:
            batch.append(self._waiting.popleft())
        try:
            return _stored(self._room, [waiting.post for waiting in batch])
        finally:
            kept_connection.let_go()


_Key: TypeAlias = tuple[asyncio.AbstractEventLoop, UUID]
_queues: dict[_Key, _Queue] = {}


def _queue(room: Room) -> _Queue:
    """That of the running event loop."""
    key = asyncio.get_running_loop(), room.pk
    if key not in _queues:
        _queues[key] = _Queue(room, key)
    return _queues[key]


def _stored(room: Room, posts: list[Post], *, is_second: bool = False) -> list[Answer]:
    kept = kept_connection.look_after()
    try:
        return [_answer(outcome) for outcome in services.send_all(room=room, posts=posts)]
    except (InterfaceError, OperationalError) as error:
        kept_connection.look_soon()
        if not is_second and kept_connection.is_lost(kept):
            # Nothing is stored twice: each has its client_id.
            return _stored(room, posts, is_second=True)
        # The database is away, or busy for too long: so it would be for each of them, and each would wait for that.
        return [error] * len(posts)
    except Exception:
        kept_connection.look_soon()
        # Nothing of it is stored. It may be the fault of one: each by itself, then the others are not its victims. One
        # alone, too: it may be that of a plan which PostgreSQL has kept for longer than it was good.
        return [_stored_alone(room, post) for post in posts]


def _stored_alone(room: Room, post: Post) -> Answer:
    try:
        return _answer(services.send_all(room=room, posts=[post])[0])
    except Exception as error:
        return error


def _answer(outcome: services.Outcome) -> Answer:
    return outcome if isinstance(outcome, Refused) else selectors.as_message(outcome, timed=True)


def _tell(waiting: _Waiting, answer: Answer) -> None:
    if waiting.answer.done():
        # The page is gone, or has been told that it took too long.
        return
    if isinstance(answer, Exception):
        waiting.answer.set_exception(answer)
    else:
        waiting.answer.set_result(answer)
