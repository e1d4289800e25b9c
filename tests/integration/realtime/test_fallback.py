"""The same consumers under a server that offers no outlet: everything goes by `send`, in the same order."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, ClassVar

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from hopin_backstage.realtime import Notice, publish
from hopin_backstage.realtime.consumer import Way, WireConsumer

pytestmark = [pytest.mark.django_db(transaction=True)]


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


class OldEar(Ear):
    """Looks at everything in `pass_on`, and knows nothing of ways."""

    way = WireConsumer.way

    async def pass_on(self, message: dict[str, Any]) -> None:
        if message["notice"] != Secret.wire_type:
            await self.send(text_data=message["frame"])


def sign_up() -> tuple[Any, SessionStore]:
    user = get_user_model().objects.create_user("ear@test.example")
    client = Client()
    client.force_login(user)
    return user, SessionStore(client.cookies["sessionid"].value)


@asynccontextmanager
async def ear(kind: type[WireConsumer] = Ear) -> AsyncIterator[WebsocketCommunicator]:
    user, session = await database_sync_to_async(sign_up)()
    communicator = WebsocketCommunicator(kind.as_asgi(), "/")
    communicator.scope |= {"user": user, "session": session}  # type: ignore[typeddict-item]
    await communicator.connect()
    try:
        yield communicator
    finally:
        await communicator.disconnect()


async def hears(communicator: WebsocketCommunicator) -> str:
    message = json.loads(await communicator.receive_from(timeout=5))
    return f"{message['type']} {message['body'].get('number', '')}".strip()


@database_sync_to_async
def tell(*notices: Notice) -> None:
    for notice in notices:
        publish("ears", notice)


@pytest.mark.parametrize("kind", [Ear, OldEar])
async def test_notices_come_in_order_and_through_the_filter(kind: type[WireConsumer]) -> None:
    async with ear(kind) as communicator:
        assert await hears(communicator) == "test.word 0"
        await tell(Word(number=1), Secret(), Task(), Word(number=2), Secret(), Word(number=3))
        told = [await hears(communicator) for _ in range(4)]
        assert told == ["test.word 1", "test.task", "test.word 2", "test.word 3"]
        assert await communicator.receive_nothing()


async def test_nobody_hears_anything_after_the_end() -> None:
    async with ear() as gone:
        assert await hears(gone) == "test.word 0"
    async with ear_again() as communicator:
        assert await hears(communicator) == "test.word 0"
        await tell(Word(number=1))
        assert await hears(communicator) == "test.word 1"


@asynccontextmanager
async def ear_again() -> AsyncIterator[WebsocketCommunicator]:
    user = await database_sync_to_async(get_user_model().objects.get)(email="ear@test.example")
    communicator = WebsocketCommunicator(Ear.as_asgi(), "/")
    communicator.scope["user"] = user  # type: ignore[typeddict-unknown-key]
    await communicator.connect()
    try:
        yield communicator
    finally:
        await communicator.disconnect()
