"""A WebSocket of one person to the running product, spoken by hand, past all pages."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import websockets
from websockets.asyncio.client import ClientConnection

ANSWER_WITHIN_S = 12.0


class Web(Protocol):
    """A Product, or another web process of one."""

    @property
    def port(self) -> int: ...
    @property
    def url(self) -> str: ...


class Line:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._replies: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self.heard: list[dict[str, Any]] = []
        """Everything that was no reply."""
        self._news = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def command(self, wire_type: str, **body: Any) -> dict[str, Any]:
        """The reply, `ok` or `error`."""
        number = f"c{len(self._replies)}"
        self._replies[number] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps({"type": wire_type, "id": number, "body": body}))
        return await asyncio.wait_for(self._replies[number], ANSWER_WITHIN_S)

    async def ok(self, wire_type: str, **body: Any) -> dict[str, Any]:
        reply = await self.command(wire_type, **body)
        assert reply["type"] == "ok", reply
        return reply["body"]

    async def refused(self, wire_type: str, **body: Any) -> str:
        """The code."""
        reply = await self.command(wire_type, **body)
        assert reply["type"] == "error", reply
        return reply["code"]

    async def notice(self, wire_type: str, within_s: float = ANSWER_WITHIN_S) -> dict[str, Any]:
        """The newest of this type, waiting for one if there was none."""

        def found() -> dict[str, Any] | None:
            return next((each for each in reversed(self.heard) if each["type"] == wire_type), None)

        async with self._news:
            await asyncio.wait_for(self._news.wait_for(found), within_s)
        newest = found()
        assert newest is not None
        return newest["body"]

    async def news(self) -> None:
        """Waits for one notice more, of whatever type."""
        async with self._news:
            await self._news.wait()

    async def ended(self) -> int:
        """Waits for the close; its code."""
        await asyncio.wait_for(self.socket.wait_closed(), ANSWER_WITHIN_S)
        await self._reader
        assert self.socket.close_code is not None
        return self.socket.close_code

    async def raw(self, message: str | bytes) -> None:
        await self.socket.send(message)

    async def close(self) -> None:
        await self.socket.close()
        await self._reader

    async def _read(self) -> None:
        try:
            async for text in self.socket:
                message = json.loads(text)
                waiting = self._replies.get(message.get("re") or "")
                if waiting is not None:
                    assert not waiting.done(), f"a second reply: {message}"
                    waiting.set_result(message)
                    continue
                async with self._news:
                    self.heard.append(message)
                    self._news.notify_all()
        except websockets.ConnectionClosed:
            return


@asynccontextmanager
async def line(
    product: Web, path: str, session: str | None, *, origin: str | None = None
) -> AsyncIterator[Line]:
    headers = {"Cookie": f"sessionid={session}"} if session else {}
    address = f"ws://localhost:{product.port}{path}"
    async with websockets.connect(
        address, host="127.0.0.1", additional_headers=headers, origin=origin or product.url
    ) as socket:
        opened = Line(socket)
        yield opened
        await opened.close()
