"""A reader of the event chat in a web process of `webs`, over a real socket: a page without a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.browser.scene import Scene
from tests.integration.backstage.line import Line, line
from tests.servers.webs import Webs

#: Seconds. Less than a line is first looked at again by itself (24): who is told too late is not told.
WITHIN_S = 15.0


@dataclass(frozen=True)
class Door:
    port: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


class Reader:
    """The page of one person: told, and asking where it was not."""

    def __init__(self, chat: Line) -> None:
        self.chat = chat
        self.revision = 0
        self.shown: dict[int, str] = {}
        self.revisions: list[int] = []
        self.muted: list[str] = []
        self.me: dict[str, Any] = {}
        self.heard: list[str] = []
        self._taken = 0

    async def shows(self, texts: list[str]) -> None:
        """Waits until these stand in its list, in this order."""
        await self.until(lambda: self.texts == texts)

    async def hears(self, wire_type: str) -> None:
        """Waits for the next notice of this type."""
        before = self.heard.count(wire_type)
        await self.until(lambda: self.heard.count(wire_type) > before)

    async def until(self, so: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(WITHIN_S):
                while await self.take() or not so():
                    if self._taken == len(self.chat.heard):
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
                self._show([notice["body"]["message"]])
            case "chat.snapshot":
                self.revision = notice["revision"]
                self.me = notice["body"]["me"]
                self.muted = [each["name"] for each in notice["body"]["muted_people"]]
                self._show(notice["body"]["messages"])
            case "chat.at" if notice["body"]["as_of"] > max([self.revision, *self.revisions]):
                await self.catch_up()
        return notice

    async def catch_up(self) -> None:
        answer = await self.chat.ok("chat.catch_up", revision=self.revision, after=0)
        self._show(answer["messages"])
        self.revision = answer["revision"]

    def _show(self, messages: list[dict[str, Any]]) -> None:
        self.shown |= {message["number"]: message["text"] for message in messages}


@asynccontextmanager
async def reader(webs: Webs, scene: Scene, who: str, process: int = 0) -> AsyncIterator[Reader]:
    door = Door(webs.ports[process])
    async with line(door, f"/ws/chat/event/{scene.slug}/", scene.sessions[who]) as chat:
        page = Reader(chat)
        # Let in, or to where one waits: from here on it misses nothing.
        await page.until(lambda: bool(page.heard))
        yield page
