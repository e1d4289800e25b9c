"""The product's own event chat, for bench_fanout's client, which knows neither cookies nor the wire of the chat.

Each connection is one of the people that `seed` registers, by their session. What comes becomes a `message.send` of the
real consumer, stored and announced by the real services. The client sends all by ten of its connections, and ten people
may not write so much: so all who are there write in turn, whichever connection it came by, and the pace of a connection
is off.
"""
# ruff: noqa: E402 - Django must be set up before anything that imports models

import json
import os
from collections import deque
from typing import Any, ClassVar
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")
django.setup()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from chat.consumers import EventChatConsumer
from tests.servers.room import with_sessions


def seed() -> str:
    """Everybody with an account is registered for one event. Its slug."""
    from events.models import Registration, User
    from tests.factories import EventFactory

    event = EventFactory()
    Registration.objects.bulk_create(Registration(event=event, user=user) for user in User.objects.all())
    return str(event.slug)


class PlainChatConsumer(EventChatConsumer):
    _here: ClassVar[deque[Any]] = deque()

    async def connect(self) -> None:
        await super().connect()
        self._paces = ()
        self._here.append(self.user)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self.scope["user"] = self._here[0]
        self._here.rotate(-1)
        # Behind a letter an @ mentions nobody.
        text = "said" + json.loads(text_data or "{}")["text"]
        body = {"client_id": str(uuid4()), "text": text}
        await super().receive(json.dumps({"type": "message.send", "id": "1", "body": body}))


sockets = URLRouter([path("chat/<slug:event_slug>/", PlainChatConsumer.as_asgi())])  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {"websocket": with_sessions(AuthMiddlewareStack(sockets), os.environ.get("ROOM_SESSIONS", "").split())}
)
