"""Where daphne comes in: pages by Django, sockets by Channels."""
# ruff: noqa: E402 - Django must be set up before anything that imports models

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from asgiref.sync import ThreadSensitiveContext, sync_to_async
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.db import connections

from hopin_backstage.origins import OwnOriginValidator
from hopin_backstage.routing import sockets


async def pages_that_close(scope: Any, receive: Any, send: Any) -> None:
    """A request has a thread of its own, which ends with it: nobody could use the connections again that it opened, and
    they would stay open until the garbage collector comes by.
    """
    # Django's own context inside does nothing then.
    async with ThreadSensitiveContext():
        try:
            await pages(scope, receive, send)
        finally:
            await sync_to_async(connections.close_all)()


application = ProtocolTypeRouter(
    {
        "http": pages_that_close,
        # A page of another site must not speak in our users' names: browsers send cookies with its sockets too.
        "websocket": AllowedHostsOriginValidator(OwnOriginValidator(AuthMiddlewareStack(sockets))),
    }
)
