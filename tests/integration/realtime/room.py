"""One page in the room of tests/servers/room.py: everything that it was told, in the order of its coming."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.servers.webs import Webs

WITHIN_S = 15.0


class Page:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heard: list[dict[str, Any]] = []
        self._sent = 0
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def command(self, wire_type: str, **body: Any) -> dict[str, Any]:
        """Waits for its reply."""
        number = await self.send(wire_type, **body)
        return await self.hears(lambda message: message.get("re") == number)

    async def send(self, wire_type: str, **body: Any) -> str:
        self._sent += 1
        await self.socket.send(json.dumps({"type": wire_type, "id": f"c{self._sent}", "body": body}))
        return f"c{self._sent}"

    async def say(self, text: str) -> None:
        assert (await self.command("room.say", text=text))["type"] == "ok"

    async def hears(self, what: Any, within_s: float = WITHIN_S) -> dict[str, Any]:
        """The first message that is so, now or later."""

        def found() -> dict[str, Any] | None:
            return next((each for each in self.heard if what(each)), None)

        async with self._news:
            try:
                await asyncio.wait_for(self._news.wait_for(lambda: found() is not None), within_s)
            except TimeoutError:
                raise AssertionError(f"heard only {self.heard[-8:]}") from None
        message = found()
        assert message is not None
        return message

    async def hears_said(self, text: str, within_s: float = WITHIN_S) -> dict[str, Any]:
        return await self.hears(lambda message: said(message) == text, within_s)

    @property
    def said(self) -> list[str]:
        return [text for text in map(said, self.heard) if text is not None]

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.heard]

    async def closed(self, within_s: float = WITHIN_S) -> tuple[int | None, str | None]:
        await asyncio.wait_for(self.socket.wait_closed(), within_s)
        return self.socket.close_code, self.socket.close_reason

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                async with self._news:
                    self.heard.append(json.loads(text))
                    self._news.notify_all()
        except websockets.ConnectionClosed:
            return


def said(message: dict[str, Any]) -> str | None:
    return message["body"]["text"] if message["type"] == "room.said" else None


@asynccontextmanager
async def page(webs: Webs, person: int, web: int = 0, path: str = "/room/") -> AsyncIterator[Page]:
    """Inside."""
    async with websockets.connect(
        f"ws://127.0.0.1:{webs.ports[web]}{path}",
        additional_headers={"Cookie": f"sessionid={webs.sessions[person]}"},
        max_size=None,
        compression=None,
    ) as socket:
        opened = Page(socket)
        await opened.hears(lambda message: message["type"] == "room.snapshot")
        yield opened
