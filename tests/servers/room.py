"""A room of the tests' own under real web processes: what is said is stored and numbered in one transaction, then told.

The machinery of every socket (accounts, database, commands, fan-out) and nothing of the product. `application` is what
a web process runs; ROOM_SESSIONS in its environment names session keys, and whoever comes without a cookie is one of
them in turn, for clients that can send none.
"""
# ruff: noqa: E402 - Django must be set up before anything that imports models

import asyncio
import os
from itertools import cycle
from typing import Any, ClassVar

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")
django.setup()

import msgspec
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.db import connection, transaction
from django.urls import path

from hopin_backstage.realtime import Command, Notice, publish, publish_all
from hopin_backstage.realtime.consumer import Way, WireConsumer, command

GROUP = "room"
#: Said so, it is work for the consumer and never reaches a page.
WORK = "work"
#: Said so, it is that, and in the same breath a word for the page.
WORK_AND_WORD = "work and a word"


class RoomSnapshot(Notice):
    wire_type: ClassVar[str] = "room.snapshot"
    newest: int


class Said(Notice):
    wire_type: ClassVar[str] = "room.said"
    number: int
    text: str


class Worked(Notice):
    wire_type: ClassVar[str] = "room.work"
    number: int


class Done(Notice):
    """The consumer has worked on something, and tells its page."""

    wire_type: ClassVar[str] = "room.done"


class GetSnapshot(Command):
    wire_type: ClassVar[str] = "snapshot.get"
    after_s: float = 0
    """Read so much before it is sent."""


class Say(Command):
    wire_type: ClassVar[str] = "room.say"
    text: str


class Since(Command):
    wire_type: ClassVar[str] = "room.since"
    number: int
    most: int = 2000


class Told(msgspec.Struct):
    said: list[tuple[int, str]]
    more: bool


class SetDeaf(Command):
    """From here on nothing that is said reaches this page."""

    wire_type: ClassVar[str] = "room.deaf"
    deaf: bool


class CountTurns(Command):
    """ok: Turns."""

    wire_type: ClassVar[str] = "room.turns"


class Turns(msgspec.Struct):
    taken: int
    """Notices that the consumer itself took in hand; all others went past it."""


def say(text: str) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO room_said (text) VALUES (%s) RETURNING number", [text])
        [number] = cursor.fetchone()
        worked, said = Worked(number=number), Said(number=number, text=text)
        notices = {WORK: [worked], WORK_AND_WORD: [worked, said]}.get(text, [said])
        publish_all((GROUP, notice, number) for notice in notices)
        return int(number)


def since(number: int, most: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, text FROM room_said WHERE number > %s ORDER BY number LIMIT %s", [number, most]
        )
        return [(int(each), text) for each, text in cursor.fetchall()]


def newest() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(number), 0) FROM room_said")
        return int(cursor.fetchone()[0])


class RoomConsumer(WireConsumer):
    deaf = False
    turns = 0

    async def enter(self) -> None:
        await self.join(GROUP)
        await self.send_snapshot()

    async def send_snapshot(self, after_s: float = 0) -> None:
        number = await database_sync_to_async(newest)()
        await asyncio.sleep(after_s)
        await self.send_notice(RoomSnapshot(newest=number), number)

    def way(self, kind: str) -> Way:
        if kind == Worked.wire_type:
            return Way.WORK
        return Way.NOBODY if self.deaf else Way.PAGE

    async def pass_on(self, message: dict[str, Any]) -> None:
        await database_sync_to_async(newest)()
        await self.send_notice(Done())

    @command(GetSnapshot)
    async def get_snapshot(self, body: GetSnapshot) -> None:
        await self.send_snapshot(body.after_s)

    @command(Say)
    async def say(self, body: Say) -> None:
        await database_sync_to_async(say)(body.text)

    @command(Since)
    async def since(self, body: Since) -> Told:
        said = await database_sync_to_async(since)(body.number, body.most + 1)
        return Told(said=said[: body.most], more=len(said) > body.most)

    async def notice(self, message: dict[str, Any]) -> None:
        self.turns += bool(self._mail)
        await super().notice(message)

    @command(CountTurns)
    async def count_turns(self, body: CountTurns) -> Turns:
        return Turns(taken=self.turns)

    @command(SetDeaf)
    async def set_deaf(self, body: SetDeaf) -> None:
        self.deaf = body.deaf


def tell(text: str) -> None:
    """As `say`, without storing it."""
    publish(GROUP, Said(number=0, text=text))


class UnpacedRoomConsumer(RoomConsumer):
    """For tests/load: takes any text for something that is said, as fast as it comes."""

    work = staticmethod(say)

    async def connect(self) -> None:
        await super().connect()
        self._paces = ()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        await database_sync_to_async(self.work)(text_data or "")


class UnstoredRoomConsumer(UnpacedRoomConsumer):
    work = staticmethod(tell)


def seed(people: int) -> list[str]:
    """Accounts and their session keys; and the table."""
    from django.test import Client

    from events.models import User

    numbered = {
        "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
        "postgresql": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    }
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE room_said (number {numbered[connection.vendor]}, text TEXT NOT NULL)")
    keys = []
    for number in range(people):
        client = Client()
        client.force_login(
            User.objects.create_user(f"person{number}@room.example", display_name=f"Person {number}")
        )
        keys.append(client.cookies["sessionid"].value)
    return keys


def with_sessions(inner: Any, keys: list[str]) -> Any:
    following = cycle(keys)

    async def dressed(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if keys and not any(name == b"cookie" for name, _ in scope["headers"]):
            scope = {
                **scope,
                "headers": [*scope["headers"], (b"cookie", f"sessionid={next(following)}".encode())],
            }
        await inner(scope, receive, send)

    return dressed


sockets = URLRouter(
    [
        path("room/", RoomConsumer.as_asgi()),  # type: ignore[arg-type]
        path("unstored/", UnstoredRoomConsumer.as_asgi()),  # type: ignore[arg-type]
        path("", UnpacedRoomConsumer.as_asgi()),  # type: ignore[arg-type]
    ]
)
application = ProtocolTypeRouter(
    {
        "http": get_asgi_application(),
        "websocket": with_sessions(AuthMiddlewareStack(sockets), os.environ.get("ROOM_SESSIONS", "").split()),
    }
)
