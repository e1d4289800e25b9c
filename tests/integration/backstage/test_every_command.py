"""Every command of every socket with what no page sends, on PostgreSQL, which is stricter with what it takes.

An answer each time, and none that says that something went wrong on our side.
"""

import random
import typing
from collections.abc import Iterator
from contextlib import AsyncExitStack
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from backstage.consumers.media import BackstageMediaConsumer
from backstage.consumers.preview import PreviewConsumer
from backstage.consumers.room import BackstageConsumer
from backstage.consumers.stage import StageConsumer
from chat.consumers import BackstageChatConsumer, EventChatConsumer
from hopin_backstage.realtime.codec import Command
from hopin_backstage.realtime.consumer import WireConsumer
from moderation.consumers import ModerationConsumer
from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.test_entrances import come_in, turned_away
from tests.servers.postgres import PrivatePostgres
from tests.servers.product import Product

pytestmark = [pytest.mark.janus, pytest.mark.timeout(480)]

CONSUMERS: dict[str, type[WireConsumer]] = {
    "backstage": BackstageConsumer,
    "moderation": ModerationConsumer,
    "media": BackstageMediaConsumer,
    "preview": PreviewConsumer,
    "stage": StageConsumer,
    "chat": BackstageChatConsumer,
    "event-chat": EventChatConsumer,
}
#: What is inside of the Backstage of whoever opens them.
BESIDE_THE_BACKSTAGE = {"moderation", "media", "preview", "chat"}
#: Bodies for each command; as many as the pace of one connection lets through of the dearest.
BODIES = 6
TEXTS = ["", "\0", "a\0b", "\u202e\u200b", "😀" * 10, "'; --", "%", "\\u0000", "é" * 30]
NUMBERS = [0, 1, -1, 2**31, 2**63, 2**64, 10**40]
numbers = count(1)


@pytest.fixture(scope="module")
def on_postgres() -> Iterator[Product]:
    postgres = PrivatePostgres()
    postgres.start()
    try:
        with Product(DATABASE_URL=postgres.url) as running:
            yield running
    finally:
        postgres.stop()


@pytest.fixture
def scene(on_postgres: Product) -> Scene:
    return make_scene(on_postgres, f"commands-{next(numbers)}")


def something(kind: Any, chance: random.Random) -> Any:
    """Of the kind that a field asks for, if barely."""
    if typing.get_origin(kind) is typing.Annotated:
        kind = typing.get_args(kind)[0]
    if kind is bool:
        return chance.choice([True, False])
    if kind is int:
        return chance.choice(NUMBERS)
    if kind is UUID:
        return str(uuid4())
    if kind is str:
        return chance.choice(TEXTS)
    if kinds := typing.get_args(kind):
        return something(chance.choice(kinds), chance)
    return chance.choice([None, chance.choice(TEXTS), {}, []])


def bodies(kind: type[Command]) -> Iterator[dict[str, Any]]:
    chance = random.Random(kind.wire_type)
    fields = typing.get_type_hints(kind, include_extras=True)
    for _ in range(BODIES):
        yield {
            field.encode_name: something(fields[field.name], chance) for field in msgspec.structs.fields(kind)
        }


@pytest.mark.parametrize("socket", CONSUMERS)
async def test_every_command_is_answered(on_postgres: Product, scene: Scene, socket: str) -> None:
    logged = len(on_postgres.log("web"))
    for kind, _handler in CONSUMERS[socket].registry.values():
        if kind.wire_type == "backstage.leave":
            continue
        async with AsyncExitStack() as doors:
            kinds = ["backstage", socket] if socket in BESIDE_THE_BACKSTAGE else [socket]
            line = (await come_in(doors, on_postgres, scene, "olivia", *kinds))[socket]
            for body in bodies(kind):
                reply = await line.command(kind.wire_type, **body)
                assert reply.get("code") not in {"failed", "timeout"}, (kind.wire_type, body, reply)
    assert "Traceback" not in on_postgres.log("web")[logged:]


@pytest.mark.parametrize("socket", ["backstage", "moderation", "media", "preview", "chat"])
async def test_a_link_that_no_database_takes(on_postgres: Product, scene: Scene, socket: str) -> None:
    name = {"media": "backstage-media", "preview": "backstage-preview", "chat": "chat/backstage"}
    path = f"/ws/{name.get(socket, socket)}/%00/"
    assert await turned_away(on_postgres, path, scene.sessions["sam"]) == ("link.dead", 4403)
