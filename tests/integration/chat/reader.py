"""A reader of the event chat in a web process of `webs`, over a real socket: a page without a browser."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.browser.scene import Scene
from tests.integration.backstage.line import Line, line
from tests.servers.webs import Webs

#: Seconds. Less than a line is first looked at again by itself (24): who is told too late is not told.
WITHIN_S = 15.0
#: Seconds that a gap in the revisions is given to close by itself, as in chat/static/chat/line.js.
SETTLES_S = 0.4


@dataclass(frozen=True)
class Door:
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


class Reader:
    """The page of one person: told, and asking where it was not, as `ChatLine` and its `Notices` do.

    It asks when a gap stays, when `chat.at` names a revision that it has not, and over a new line; else never. A page
    asks for those after the last up to which it has all; this does so over a new line, and else asks for all.
    """

    def __init__(self, chat: Line) -> None:
        self.chat = chat
        self.revision = 0
        """Up to here it has heard everything."""
        self.shown: dict[int, str] = {}
        self.revisions: list[int] = []
        """Of what was posted, as it was heard."""
        self.muted: list[str] = []
        self.me: dict[str, Any] = {}
        self.heard: list[str] = []
        self._taken = 0
        self._numbers: dict[str, int] = {}
        self._gone: set[str] = set()
        self._ahead: set[int] = set()
        self._gap_since = 0.0

    async def shows(self, texts: list[str], within_s: float = WITHIN_S) -> None:
        """Waits until these stand in its list, in this order."""
        await self.until(lambda: self.texts == texts, within_s)

    async def hears(self, wire_type: str) -> None:
        """Waits for the next notice of this type."""
        before = self.heard.count(wire_type)
        await self.until(lambda: self.heard.count(wire_type) > before)

    async def go_on_over(self, chat: Line) -> None:
        """The next line after one that broke; nothing may be missing so far.

        Of the snapshot on it nothing is taken: a page asks for what came meanwhile where that does not reach as far.
        """
        while await self.take():
            pass
        assert not self._ahead
        self.chat = chat
        await chat.notice("chat.snapshot")
        self._taken = len(chat.heard)
        await self._catch_up(after=max(self.shown, default=0))

    async def until(self, so: Callable[[], bool], within_s: float = WITHIN_S) -> None:
        try:
            async with asyncio.timeout(within_s):
                while await self.take() or not so():
                    if self._taken == len(self.chat.heard):
                        await self._ask_if_a_gap_stays()
                        await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"shows {self.texts}, has heard {self.chat.heard[-5:]}") from None

    async def say(self, text: str) -> dict[str, Any]:
        return (await self.chat.ok("message.send", client_id=str(uuid4()), text=text))["message"]

    @property
    def texts(self) -> list[str]:
        return [text for _number, text in sorted(self.shown.items())]

    async def take(self) -> dict[str, Any] | None:
        """One notice more, if there is one."""
        if self._taken == len(self.chat.heard):
            return None
        notice = self.chat.heard[self._taken]
        self._taken += 1
        self.heard.append(notice["type"])
        match notice["type"]:
            case "message.posted":
                self.revisions.append(notice["revision"])
                self._count(notice["revision"])
                self._show([notice["body"]["message"]])
            case "message.deleted":
                self._count(notice["revision"])
                self._drop(notice["body"]["message"])
            case "chat.snapshot":
                self.me = notice["body"]["me"]
                self.muted = [each["name"] for each in notice["body"]["muted_people"]]
                if not notice["body"]["more"]:
                    self.shown.clear()
                self._show(notice["body"]["messages"])
                self._know_up_to(notice["revision"])
            case "chat.at" if notice["body"]["as_of"] > max([self.revision, *self._ahead]):
                # Over a line that has broken nothing is asked.
                if self.chat.socket.close_code is None:
                    await self._catch_up()
        return notice

    async def _ask_if_a_gap_stays(self) -> None:
        if self._ahead and time.monotonic() - self._gap_since > SETTLES_S:
            await self.chat.ok("snapshot.get")

    async def _catch_up(self, after: int = 0) -> None:
        answer = await self.chat.ok("chat.catch_up", revision=self.revision, after=after)
        self._show(answer["messages"])
        for gone in answer["deleted"]:
            self._drop(gone)
        self._know_up_to(answer["revision"])

    def _count(self, revision: int) -> None:
        if not self._ahead:
            self._gap_since = time.monotonic()
        self._ahead.add(revision)
        self._know_up_to(self.revision)

    def _know_up_to(self, revision: int) -> None:
        self.revision = max(revision, self.revision)
        while self.revision + 1 in self._ahead:
            self.revision += 1
        self._ahead = {each for each in self._ahead if each > self.revision}

    def _show(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self._numbers[message["id"]] = message["number"]
            if message["id"] not in self._gone:
                self.shown[message["number"]] = message["text"]

    def _drop(self, message: str) -> None:
        self._gone.add(message)
        self.shown.pop(self._numbers.get(message, 0), None)


def line_of(webs: Webs, scene: Scene, who: str, process: int) -> AbstractAsyncContextManager[Line]:
    return line(Door(webs.ports[process]), f"/ws/chat/event/{scene.slug}/", scene.sessions[who])


@asynccontextmanager
async def reader(webs: Webs, scene: Scene, who: str, process: int = 0) -> AsyncIterator[Reader]:
    async with line_of(webs, scene, who, process) as chat:
        page = Reader(chat)
        # Let in, or to where one waits: from here on it misses nothing.
        await page.until(lambda: bool(page.heard))
        yield page
