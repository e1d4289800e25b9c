"""A full chat costs one encoding of each notice for each group: past all consumers, the same bytes to every page."""

import json
from collections import Counter
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
from hopin_backstage.realtime import Notice, told
from hopin_backstage.realtime.outlet import Outlet, offer
from hopin_backstage.routing import sockets
from tests.integration.browsers import SignIn
from tests.integration.realtime.ear import Noted, message
from tests.janus.waiting import eventually

pytestmark = [pytest.mark.django_db(transaction=True)]
EACH_HAS_OPEN = 4
WITHIN_S = 15.0


@asynccontextmanager
async def page(path: str, browser: Client, outlet: Outlet) -> AsyncIterator[WebsocketCommunicator]:
    """Inside, under a server that offers this outlet."""
    cookie = f"sessionid={browser.cookies['sessionid'].value}".encode()
    server = WebsocketCommunicator(AuthMiddlewareStack(sockets), path, headers=[(b"cookie", cookie)])
    offer(server.scope, outlet)
    await server.connect(timeout=WITHIN_S)
    try:
        assert (await message(server))["type"] == "chat.snapshot"
        yield server
    finally:
        await server.disconnect(timeout=WITHIN_S)


async def ok(server: WebsocketCommunicator, wire_type: str, **body: Any) -> dict[str, Any]:
    await server.send_to(json.dumps({"type": wire_type, "id": "c", "body": body}))
    reply = await message(server)
    assert reply["type"] == "ok", reply
    return reply["body"]


async def test_what_comes_and_goes_is_encoded_once_for_each_group_and_passes_all_consumers(
    monkeypatch: pytest.MonkeyPatch, session: BackstageSession, sign_in: SignIn, sam: User, ada: User
) -> None:
    """Of the audience, and of those backstage, who are told what it saw."""
    encode_notice, encoded = told.encode_notice, Counter[str]()

    def counted(notice: Notice, *about: Any) -> str:
        encoded[notice.wire_type] += 1
        return encode_notice(notice, *about)

    monkeypatch.setattr(told, "encode_notice", counted)
    path = f"/ws/chat/event/{session.stage.event.slug}/"
    backstage, audience = groups = [[Noted() for _ in range(EACH_HAS_OPEN)] for _ in range(2)]
    async with AsyncExitStack() as doors:
        for user, outlets in ((sam, backstage), (ada, audience)):
            browser = await database_sync_to_async(sign_in)(user)
            pages = [await doors.enter_async_context(page(path, browser, outlet)) for outlet in outlets]
        # One that is at work when its own notice comes, too.
        posted = await ok(pages[0], "message.send", client_id=str(uuid4()), text="Hello")
        await ok(pages[0], "message.delete", message=posted["message"]["id"])
        everybody = [outlet for outlets in groups for outlet in outlets]
        await eventually(lambda: all(len(outlet.frames) == 2 for outlet in everybody), WITHIN_S)
    for outlets in groups:
        came, went = outlets[0].frames
        assert b'"text":"Hello"' in came
        assert b'"message.deleted"' in went
        assert all(outlet.frames[0] is came and outlet.frames[1] is went for outlet in outlets)
    assert encoded == {"message.posted": len(groups), "message.deleted": len(groups)}
