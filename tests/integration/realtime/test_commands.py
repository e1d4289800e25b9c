"""Each command has one answer, whatever becomes of it; who sends what is none, or too many, is told so and put out."""

import asyncio
import json
from typing import ClassVar

import msgspec
import pytest
from channels.testing import WebsocketCommunicator
from django.db import OperationalError

from hopin_backstage.realtime import Command, Refused, codec, commands
from hopin_backstage.realtime.close_codes import CLOSE_NOT_UNDERSTOOD, CLOSE_TOO_FAST, CLOSE_TOO_LARGE
from hopin_backstage.realtime.consumer import command
from tests.integration.realtime.ear import Ear, Word, closed, ear, hears, message, tell

pytestmark = [pytest.mark.django_db(transaction=True)]


class Add(Command):
    wire_type: ClassVar[str] = "test.add"
    left: int
    right: int


class Sum(msgspec.Struct):
    total: int


class DoAll(Command):
    """Ten times the work of others."""

    wire_type: ClassVar[str] = "test.all"
    cost: ClassVar[int] = 10


class Refuse(Command):
    wire_type: ClassVar[str] = "test.refuse"


class Break(Command):
    wire_type: ClassVar[str] = "test.break"


class Dawdle(Command):
    wire_type: ClassVar[str] = "test.dawdle"


class Servant(Ear):
    @command(Add)
    async def add(self, body: Add) -> Sum:
        return Sum(total=body.left + body.right)

    @command(DoAll)
    async def do_all(self, body: DoAll) -> None:
        """Nothing more."""

    @command(Refuse)
    async def refuse(self, body: Refuse) -> None:
        raise Refused("test.no", "You may not.")

    @command(Break)
    async def break_down(self, body: Break) -> None:
        raise OperationalError("away")

    @command(Dawdle)
    async def dawdle(self, body: Dawdle) -> None:
        await asyncio.Event().wait()


async def ask(page: WebsocketCommunicator, wire_type: str, **body: object) -> None:
    await page.send_to(json.dumps({"type": wire_type, "id": wire_type, "body": body}))


async def answer(page: WebsocketCommunicator, wire_type: str, **body: object) -> object:
    """The body of the `ok`, or the code of the error."""
    await ask(page, wire_type, **body)
    reply = await message(page)
    assert reply["re"] == wire_type
    return reply["body"] if reply["type"] == "ok" else reply["code"]


async def test_every_command_is_answered_once_whatever_becomes_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "COMMAND_DEADLINE_S", 0.1)
    async with ear(Servant) as page:
        assert await answer(page, "test.add", left=2, right=3) == {"total": 5}
        assert await answer(page, "test.all") == {}
        assert await answer(page, "test.refuse") == "test.no"
        assert await answer(page, "test.add", left=2) == "not_understood"
        assert await answer(page, "test.add", left=2, right=3, third=4) == "not_understood"
        assert await answer(page, "test.nothing") == "unknown_command"
        assert await answer(page, "test.break") == "failed"
        assert await answer(page, "test.dawdle") == "timeout"
        # Nobody lost the line by any of it.
        assert await answer(page, "test.add", left=1, right=1) == {"total": 2}
        assert await page.receive_nothing()


@pytest.mark.parametrize(
    ("sent", "code", "close_code"),
    [
        ("[", "not_understood", CLOSE_NOT_UNDERSTOOD),
        ('{"type":"test.add"}', "not_understood", CLOSE_NOT_UNDERSTOOD),
        ("x" * (codec.LONGEST_COMMAND + 1), "too_large", CLOSE_TOO_LARGE),
    ],
)
async def test_what_is_no_command_ends_the_line(sent: str, code: str, close_code: int) -> None:
    async with ear(Servant) as page:
        await page.send_to(sent)
        reply = await message(page)
        assert (reply["re"], reply["code"]) == (None, code)
        assert await closed(page) == close_code


async def test_bytes_are_no_command() -> None:
    async with ear(Servant) as page:
        await page.send_to(bytes_data=b"{}")
        assert (await message(page))["code"] == "too_large"
        assert await closed(page) == CLOSE_TOO_LARGE


async def is_put_out(page: WebsocketCommunicator) -> None:
    """And from then on neither listened to nor told anything."""
    await ask(page, "test.add", left=1, right=1)
    reply = await message(page)
    assert (reply["re"], reply["code"]) == (None, "too_fast")
    assert await closed(page) == CLOSE_TOO_FAST
    await ask(page, "test.add", left=1, right=1)
    await tell(Word(number=1))
    assert await page.receive_nothing()


async def test_a_connection_may_ask_so_much_at_once_and_a_dear_command_counts_for_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(commands, "PACE_BURST", 12)
    monkeypatch.setattr(commands, "PACE_PER_S", 0)
    async with ear(Servant) as page, ear(Servant) as other:
        assert await answer(page, "test.all") == {}
        # An unknown one costs, too.
        assert await answer(page, "test.nothing") == "unknown_command"
        assert await answer(page, "test.add", left=1, right=1) == {"total": 2}
        await is_put_out(page)
        assert await hears(other) == "test.word 1"
        assert await answer(other, "test.all") == {}


async def test_all_connections_of_a_person_together_may_ask_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "PERSON_BURST", 2)
    monkeypatch.setattr(commands, "PERSON_PER_S", 0)
    async with ear(Servant) as first, ear(Servant) as second:
        for page in (first, second):
            assert await answer(page, "test.add", left=1, right=1) == {"total": 2}
        await is_put_out(first)
