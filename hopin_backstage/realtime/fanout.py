"""The one door through which notices leave, and by which they arrive: `publish`, `join`, `part` and `listening`.

A process has one subscription to Redis, of the channels whose groups have members in it. Each notice is encoded once,
and so is its frame; then it is written to every connection of the group in one go, without a task and without an await.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Protocol

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction

from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.codec import Notice
from hopin_backstage.realtime.joining import joined
from hopin_backstage.realtime.outlet import Outlet
from hopin_backstage.realtime.publisher import publisher
from hopin_backstage.realtime.rounds import write_to_all
from hopin_backstage.realtime.subscription import Subscription
from hopin_backstage.realtime.told import Told, told, unpack

CHANNEL_PREFIX = "hopin:group:"

#: Members that are told to catch up at once, and seconds at least until the next are: each makes queries. 500 take 5 s.
CATCH_UP_AT_ONCE, CATCH_UP_EVERY_S = 10, 0.1
#: Seconds. After a round of writing the next waits for as long as that one took, up to this: half of the time is left
#: for all else that this process has to do, and what comes meanwhile is written together.
LONGEST_REST_S = 0.01


class Member(Protocol):
    def hear(self, notice: Told) -> Outlet | None:
        """Called in the order of publishing; must neither wait nor raise. Returns the outlet to write it to, or None.

        None: the member has dealt with it.
        """


def publish(group: str, notice: Notice, *, revision: int | None = None) -> None:
    """Sends a notice to everybody in the group once the transaction is committed, never before.

    It is encoded now, so it says what was true inside the transaction. Call it from synchronous code (services).
    """
    publish_all([(group, notice, revision)])


def publish_all(notices: Iterable[tuple[str, Notice, int | None]]) -> None:
    """As `publish`, for triples of group, notice and revision, in this order; they travel together."""
    encoded = [(CHANNEL_PREFIX + group, told(notice, revision)) for group, notice, revision in notices]
    # What is committed is done, and a Redis that is away for a moment must not turn it into a failure: whoever misses
    # something is told to catch up.
    transaction.on_commit(lambda: publisher(settings.REDIS_URL).send_all(encoded), robust=True)


async def join(group: str, member: Member) -> None:
    """What is published from now on is heard, or `line.catch_up` is."""
    await _hub().join(group, member)


async def part(group: str, member: Member) -> None:
    await _hub().part(group, member)


@asynccontextmanager
async def listening(group: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """For a process that is no consumer: the notices of a group, as they come."""
    listener = _Listener()

    async def messages() -> AsyncIterator[dict[str, Any]]:
        while True:
            yield await listener.heard.get()

    await join(group, listener)
    try:
        yield messages()
    finally:
        await part(group, listener)


class _Listener:
    def __init__(self) -> None:
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def hear(self, notice: Told) -> None:
        for each in notice.parts:
            self.heard.put_nowait(each.message)


class Hub:
    """The members of one event loop."""

    def __init__(self) -> None:
        self._groups: dict[str, dict[Member, None]] = {}
        self._subscription: Subscription | None = None
        self._come: list[tuple[str, Told]] = []
        self._rests_until = 0.0
        self._behind: dict[Member, None] = {}
        self._telling: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    async def join(self, group: str, member: Member) -> None:
        channel = CHANNEL_PREFIX + group
        self._groups.setdefault(channel, {})[member] = None
        if self._subscription is None:
            self._subscription = Subscription(settings.REDIS_URL, self._heard, self._repaired)
        await self._subscription.add(channel)

    async def part(self, group: str, member: Member) -> None:
        channel = CHANNEL_PREFIX + group
        members = self._groups.get(channel, {})
        members.pop(member, None)
        if members or self._subscription is None:
            return
        self._groups.pop(channel, None)
        if self._groups:
            self._subscription.remove(channel)
        else:
            ending, self._subscription = self._subscription, None
            await ending.close()

    def _heard(self, channel: str, packed: bytes) -> None:
        if not self._come:
            # What has come at once is read first, then written.
            self._loop.call_at(self._rests_until, self._deliver)
        self._come.append((channel, unpack(packed)))

    def _deliver(self) -> None:
        began = self._loop.time()
        come, self._come = self._come, []
        for channel, notice in joined(come, self._members):
            members = self._members(channel)
            if notice.kind == CatchUp.wire_type:
                self._catch_up(members)
                continue
            outlets = [member.hear(notice) for member in list(members)]
            write_to_all([outlet for outlet in outlets if outlet is not None], notice.frame)
        ended = self._loop.time()
        self._rests_until = ended + min(ended - began, LONGEST_REST_S)

    def _members(self, channel: str) -> dict[Member, None]:
        return self._groups.get(channel, {})

    # --- What may have been missed ----------------------------
    def _repaired(self) -> None:
        self._catch_up({member: None for members in self._groups.values() for member in members})

    def _catch_up(self, members: Iterable[Member]) -> None:
        self._behind |= dict.fromkeys(members)
        if self._behind and (self._telling is None or self._telling.done()):
            self._telling = asyncio.create_task(self._tell_all())

    async def _tell_all(self) -> None:
        while self._behind:
            for member in random.sample(list(self._behind), min(CATCH_UP_AT_ONCE, len(self._behind))):
                del self._behind[member]
                member.hear(told(CatchUp()))
            await asyncio.sleep(CATCH_UP_EVERY_S)
            # Everybody's questions go through one thread, in turn: the next ones come when it is through with these.
            await sync_to_async(_nothing)()


def _nothing() -> None:
    """Takes its turn."""


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def _hub() -> Hub:
    """That of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
