"""The chat under a server that is not ours: it has no way past ASGI, so everything goes by plain `send`, all the same.

Channels' communicator is such a server: it calls all our sockets with a scope, `receive` and `send`, and no more.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import pytest
from channels.auth import AuthMiddlewareStack
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.test import Client

from backstage.models import BackstageSession
from events.models import User
from hopin_backstage.realtime.outlet import outlet_of
from hopin_backstage.routing import sockets
from tests.integration.browsers import SignIn

pytestmark = [pytest.mark.django_db(transaction=True)]
WITHIN_S = 10


class Page:
    def __init__(self, server: WebsocketCommunicator) -> None:
        self._server = server
        self._sent: list[dict[str, Any]] = []

    def all(self, wire_type: str) -> list[dict[str, Any]]:
        """The notices of this type so far."""
        return [message for message in self._sent if message["type"] == wire_type]

    async def told(self, wire_type: str, number: int = 1) -> dict[str, Any]:
        """The notice of this type that is so many-th."""
        while len(self.all(wire_type)) < number:
            await self._next()
        return self.all(wire_type)[number - 1]

    async def ok(self, wire_type: str, **body: Any) -> Any:
        await self._server.send_to(json.dumps({"type": wire_type, "id": "c", "body": body}))
        while (reply := await self._next()).get("re") != "c":
            pass
        assert reply["type"] == "ok", reply
        return reply["body"]

    async def say(self, text: str) -> dict[str, Any]:
        message: dict[str, Any] = (await self.ok("message.send", client_id=str(uuid4()), text=text))[
            "message"
        ]
        return message

    async def _next(self) -> dict[str, Any]:
        self._sent.append(json.loads(await self._server.receive_from(WITHIN_S)))
        return self._sent[-1]


@asynccontextmanager
async def page(path: str, browser: Client) -> AsyncIterator[Page]:
    cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
    server = WebsocketCommunicator(AuthMiddlewareStack(sockets), path, headers=[(b"cookie", cookie)])
    assert outlet_of(server.scope) is None
    assert await server.connect() == (True, None)
    opened = Page(server)
    await opened.told("chat.snapshot")
    try:
        yield opened
    finally:
        await server.disconnect()


async def test_everything_arrives_by_plain_send_once_and_in_order(
    session: BackstageSession, sign_in: SignIn, olivia: User, sam: User, ada: User
) -> None:
    event, link = f"/ws/chat/event/{session.stage.event.slug}/", f"/ws/chat/backstage/{session.link_token}/"
    browsers = [await database_sync_to_async(sign_in)(user) for user in (olivia, sam, ada)]
    async with AsyncExitStack() as doors:
        pages = olivias, _, adas = [
            await doors.enter_async_context(page(event, browser)) for browser in browsers
        ]
        backstage = await doors.enter_async_context(page(link, browsers[1]))
        said = [await adas.say(f"word {number}") for number in range(4)]
        secret = await backstage.say("between us")
        assert (await backstage.told("message.posted"))["body"]["message"] == secret
        for each in pages:
            await each.told("message.posted", len(said))
        # One that its consumer works on itself, and behind it one that it does not.
        await olivias.ok("chat.mute", person=ada.pk, muted=True)
        await olivias.ok("message.delete", message=said[1]["id"])
        for each in pages:
            assert (await each.told("message.deleted"))["body"]["message"] == said[1]["id"]
            posted = [
                (told["revision"], told["body"]["message"]["id"]) for told in each.all("message.posted")
            ]
            assert posted == list(enumerate((message["id"] for message in said), start=1))
        assert [len(each.all("chat.muted")) for each in pages] == [1, 0, 1]
