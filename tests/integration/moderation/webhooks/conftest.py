"""A receiver of webhooks on this machine, and the setting that lets us send to it."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from pytest_django import Settings

from backstage.models import Participant
from moderation.models import Webhook
from moderation.webhooks import services
from tests.integration.moderation.conftest import *  # noqa: F403  its people


@dataclass
class Receiver:
    """Answers what `answers` says next, the last one for ever; keeps what it got. None: says nothing at all."""

    port: int = 0
    answers: list[bytes | None] = field(default_factory=lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}/told"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = [line.partition(": ") for line in head.split("\r\n")[1:] if line]
        headers = {name.lower(): value for name, _, value in lines}
        body = await reader.readexactly(int(headers["content-length"]))
        self.got.append((headers, body))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            await reader.read()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    async with server:
        yield receiver


def verified(secret: str, header: str, body: bytes) -> bool:
    """As docs/api.md tells receivers to do it."""
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(secret.encode(), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) < 300


@pytest.fixture
async def receiver(settings: Settings) -> AsyncIterator[Receiver]:
    settings.WEBHOOK_LOOPBACK = True
    async with receiving() as receiver:
        yield receiver


@pytest.fixture
def webhook_to(olivia: Participant, settings: Settings) -> "object":
    def make(url: str) -> Webhook:
        return services.create_webhook(actor=olivia.user, event=olivia.backstage_session.stage.event, url=url)

    return make
