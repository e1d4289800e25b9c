"""The product's own event chat, for bench_fanout's client, which knows neither cookies nor the wire of the chat.

Each connection is one of the people that `seed` registers, by their session; what they send becomes a `message.send`
of the real consumer, stored and announced by the real services. Only the paces are off, of connection and person: ten
people could not write what the others are measured with.
"""
# ruff: noqa: E402 - Django must be set up before anything that imports models

import json
import os
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")
django.setup()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

from chat.consumers import EventChatConsumer
from chat.services import writing
from tests.servers.room import with_sessions

writing.MOST_AT_ONCE = 1_000_000


def seed() -> str:
    """Everybody with an account is registered for one event. Its slug."""
    from events.models import Registration, User
    from tests.factories import EventFactory

    event = EventFactory()
    Registration.objects.bulk_create(Registration(event=event, user=user) for user in User.objects.all())
    return str(event.slug)


class PlainChatConsumer(EventChatConsumer):
    async def connect(self) -> None:
        await super().connect()
        self._paces = ()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        # Behind a letter an @ mentions nobody.
        text = "said" + json.loads(text_data or "{}")["text"]
        body = {"client_id": str(uuid4()), "text": text}
        await super().receive(json.dumps({"type": "message.send", "id": "1", "body": body}))


sockets = URLRouter([path("chat/<slug:event_slug>/", PlainChatConsumer.as_asgi())])  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {"websocket": with_sessions(AuthMiddlewareStack(sockets), os.environ.get("ROOM_SESSIONS", "").split())}
)
