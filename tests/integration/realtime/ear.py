"""The smallest consumer, in this process, under a server that offers no outlet if none is given: by `send` then."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar, cast

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from hopin_backstage.realtime import Notice, publish
from hopin_backstage.realtime.consumer import Way, WireConsumer
from hopin_backstage.realtime.outlet import Outlet, offer


class Word(Notice):
    wire_type: ClassVar[str] = "test.word"
    number: int


class Task(Notice):
    wire_type: ClassVar[str] = "test.task"


class Secret(Notice):
    wire_type: ClassVar[str] = "test.secret"


class Ear(WireConsumer):
    async def enter(self) -> None:
        await self.join("ears")
        await self.send_notice(Word(number=0))

    async def recheck(self) -> None:
        """Everybody may stay."""

    def way(self, kind: str) -> Way:
        return {Task.wire_type: Way.WORK, Secret.wire_type: Way.NOBODY}.get(kind, Way.PAGE)

    async def pass_on(self, message: dict[str, Any]) -> None:
        await asyncio.sleep(0.05)
        await super().pass_on(message)


class Noted(Outlet):
    """Of no socket: what is written is kept as it came."""

    __slots__ = ("frames",)

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.is_clear = False

    def write(self, frame: bytes) -> None:
        self.frames.append(frame)


def sign_in() -> tuple[Any, SessionStore]:
    people = get_user_model().objects
    user = people.filter(email="ear@test.example").first() or people.create_user("ear@test.example")
    client = Client()
    client.force_login(user)
    return user, SessionStore(client.cookies["sessionid"].value)


@asynccontextmanager
async def ear(
    kind: type[WireConsumer] = Ear, *, outlet: Outlet | None = None
) -> AsyncIterator[WebsocketCommunicator]:
    """Inside; always the same person."""
    user, session = await database_sync_to_async(sign_in)()
    communicator = WebsocketCommunicator(kind.as_asgi(), "/")
    communicator.scope |= {"user": user, "session": session}  # type: ignore[typeddict-item]
    if outlet is not None:
        offer(cast("dict[str, Any]", communicator.scope), outlet)
    await communicator.connect()
    try:
        assert await hears(communicator) == "test.word 0"
        yield communicator
    finally:
        await communicator.disconnect()


async def message(communicator: WebsocketCommunicator) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(await communicator.receive_from(timeout=5))
    return found


async def hears(communicator: WebsocketCommunicator) -> str:
    heard = await message(communicator)
    return f"{heard['type']} {heard['body'].get('number', '')}".strip()


async def closed(communicator: WebsocketCommunicator) -> int:
    output = await communicator.receive_output(timeout=5)
    assert output["type"] == "websocket.close", output
    return int(output["code"])


@database_sync_to_async
def tell(*notices: Notice) -> None:
    for notice in notices:
        publish("ears", notice)
