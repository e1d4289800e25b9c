"""Which pages may open our sockets: our own alone. Browsers send cookies with sockets that any page opens."""

from typing import Any
from urllib.parse import urlsplit

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.utils.http import is_same_domain


class OwnOriginValidator:
    """Refuses at the handshake what `is_own` does not know."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin1") for name, value in scope["headers"]}
        own = is_own(headers.get(b"origin", ""), headers.get(b"host", ""))
        await (self._application if own else WebsocketDenier())(scope, receive, send)


def is_own(origin: str, host: str) -> bool:
    """Asked as Django asks for forms: scheme, host and port have to fit, or it is in CSRF_TRUSTED_ORIGINS.

    Channels compares names of hosts alone, and so takes another port of this machine, or plain http, for us.
    """
    schemes = ("https",) if settings.HTTPS else ("http", "https")
    return origin in {f"{scheme}://{host}" for scheme in schemes} or any(
        _fits(origin, trusted) for trusted in settings.CSRF_TRUSTED_ORIGINS
    )


def _fits(origin: str, trusted: str) -> bool:
    """`trusted` may be `https://*.example.com`."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    scheme, _, pattern = trusted.partition("://")
    return parts.scheme == scheme and is_same_domain(parts.netloc, pattern.removeprefix("*"))
