"""What bench_fanout sets beside our fan-out: stock Channels groups, and daphne with nothing around it."""

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")
django.setup()

from channels.auth import AuthMiddlewareStack
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.urls import path

# ruff: noqa: E402 - Django must be set up before anything that imports models
from tests.servers.room import with_sessions

# The product has no channel layer: it is set here alone, to be compared with.
settings.CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [settings.REDIS_URL], "prefix": "hopin"},
    }
}


class StockConsumer(AsyncWebsocketConsumer):
    groups = ("room",)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        assert self.channel_layer is not None
        await self.channel_layer.group_send("room", {"type": "said", "text": text_data})

    async def said(self, message: dict[str, Any]) -> None:
        await self.send(text_data=message["text"])


_everybody: set[Any] = set()


async def bare(scope: Any, receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    _everybody.add(send)
    try:
        while (message := await receive())["type"] == "websocket.receive":
            for each in list(_everybody):
                await each({"type": "websocket.send", "text": message["text"]})
    finally:
        _everybody.discard(send)


sockets = URLRouter([path("stock/", StockConsumer.as_asgi()), path("bare/", bare)])  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {"websocket": with_sessions(AuthMiddlewareStack(sockets), os.environ.get("ROOM_SESSIONS", "").split())}
)
