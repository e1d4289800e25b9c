"""Where daphne comes in: pages by Django, sockets by Channels."""
# ruff: noqa: E402 - Django must be set up before anything that imports models

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hopin_backstage.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter
from channels.security.websocket import AllowedHostsOriginValidator

from hopin_backstage.routing import sockets

application = ProtocolTypeRouter(
    {
        "http": pages,
        # A page of another site must not speak in our users' names: browsers send cookies with its sockets too.
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)
