"""All sockets."""

from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import URLRouter
from django.urls import path

from backstage.consumers.media import BackstageMediaConsumer
from backstage.consumers.preview import PreviewConsumer
from backstage.consumers.room import BackstageConsumer
from backstage.consumers.stage import StageConsumer
from chat.consumers import BackstageChatConsumer, EventChatConsumer
from hopin_backstage.realtime.consumer import UnknownSocket
from moderation.consumers import ModerationConsumer


def socket(route: str, consumer: type[AsyncWebsocketConsumer]) -> Any:
    """`path` is typed for views, and serves consumers all the same: https://channels.readthedocs.io/en/stable/topics/routing.html"""
    return path(route, consumer.as_asgi())  # type: ignore[arg-type]


sockets = URLRouter(
    [
        socket("ws/backstage/<str:link_token>/", BackstageConsumer),
        socket("ws/backstage-media/<str:link_token>/", BackstageMediaConsumer),
        socket("ws/backstage-preview/<str:link_token>/", PreviewConsumer),
        socket("ws/moderation/<str:link_token>/", ModerationConsumer),
        socket("ws/stage/<uuid:stage_id>/", StageConsumer),
        socket("ws/chat/backstage/<str:link_token>/", BackstageChatConsumer),
        socket("ws/chat/event/<slug:event_slug>/", EventChatConsumer),
        socket("<path:anything>", UnknownSocket),
        socket("", UnknownSocket),
    ]
)
