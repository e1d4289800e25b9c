"""The one door through which notices leave, and by which they arrive: `publish`, `join`, `part` and `listening`.

A process has one subscription to Redis, of the channels whose groups have members in it. Each notice is encoded once,
and so is its frame; then it is written to every connection of the group in one go, without a task and without an await.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction

from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.codec import Notice
from hopin_backstage.realtime.publisher import publisher
from hopin_backstage.realtime.subscription import Subscription
from hopin_backstage.realtime.told import Told, at_once, told, unpack

CHANNEL_PREFIX = "hopin:group:"

#: Members that are told to catch up at once, and seconds until the next are: each makes queries. 500 take 5 s.
CATCH_UP_AT_ONCE, CATCH_UP_EVERY_S = 10, 0.1
#: Notices of one kind to one group that are written with one call, when so many have come at once.
MOST_AT_ONCE = 16


class Member(Protocol):
    def hear(self, notice: Told) -> None:
        """Called in the order of publishing; must neither wait nor raise."""


def publish(group: str, notice: Notice, *, revision: int | None = None) -> None:
    """Sends a notice to everybody in the group once the transaction is committed, never before.

    It is encoded now, so it says what was true inside the transaction. Call it from synchronous code (services).
    """
    encoded = told(notice, revision)
    # What is committed is done, and a Redis that is away for a moment must not turn it into a failure: whoever misses
    # something is told to catch up.
    transaction.on_commit(
        lambda: publisher(settings.REDIS_URL).send(CHANNEL_PREFIX + group, encoded), robust=True
    )


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
        self._behind: dict[Member, None] = {}
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
            self._loop.call_soon(self._deliver)
        self._come.append((channel, unpack(packed)))

    def _deliver(self) -> None:
        come, self._come = self._come, []
        for channel, notice in _joined(come):
            members = self._groups.get(channel, ())
            if notice.kind == CatchUp.wire_type:
                self._catch_up(members)
                continue
            for member in list(members):
                member.hear(notice)

    # --- What may have been missed ----------------------------
    def _repaired(self) -> None:
        self._catch_up({member: None for members in self._groups.values() for member in members})

    def _catch_up(self, members: Iterable[Member]) -> None:
        if not self._behind:
            self._loop.call_soon(self._tell_some)
        self._behind |= dict.fromkeys(members)

    def _tell_some(self) -> None:
        chosen = random.sample(list(self._behind), min(CATCH_UP_AT_ONCE, len(self._behind)))
        for member in chosen:
            del self._behind[member]
            member.hear(told(CatchUp()))
        if self._behind:
            self._loop.call_later(CATCH_UP_EVERY_S, self._tell_some)


def _joined(come: list[tuple[str, Told]]) -> Iterator[tuple[str, Told]]:
    """In the same order; what follows one upon the other to the same members is one."""
    for (channel, _kind), run in groupby(come, key=lambda each: (each[0], each[1].kind)):
        notices = [notice for _, notice in run]
        for first in range(0, len(notices), MOST_AT_ONCE):
            yield channel, at_once(notices[first : first + MOST_AT_ONCE])


_hubs: dict[asyncio.AbstractEventLoop, Hub] = {}


def _hub() -> Hub:
    """That of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _hubs:
        _hubs[loop] = Hub()
    return _hubs[loop]
