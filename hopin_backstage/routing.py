"""All sockets."""

from channels.routing import URLRouter
from django.urls import path

from backstage.consumers.media import BackstageMediaConsumer
from backstage.consumers.room import BackstageConsumer
from backstage.consumers.stage import StageConsumer
from hopin_backstage.realtime.consumer import UnknownSocket
from moderation.consumers import ModerationConsumer

sockets = URLRouter(
    [
        path("ws/backstage/<str:link_token>/", BackstageConsumer.as_asgi(), name="backstage"),
        path(
            "ws/backstage-media/<str:link_token>/", BackstageMediaConsumer.as_asgi(), name="backstage-media"
        ),
        path("ws/moderation/<str:link_token>/", ModerationConsumer.as_asgi(), name="moderation"),
        path("ws/stage/<uuid:stage_id>/", StageConsumer.as_asgi(), name="stage"),
        path("<path:anything>", UnknownSocket.as_asgi()),
        path("", UnknownSocket.as_asgi()),
    ]
)
