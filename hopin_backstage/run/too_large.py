"""What somebody reads who sent more than is taken: a page, or for a program what programs read.

It is answered where the body arrives, before there is a request for Django; so nothing is known of who asks.
"""

import json
from uuid import uuid4

import structlog
from csp.utils import build_policy
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = structlog.stdlib.get_logger(__name__)

Headers = list[tuple[bytes, bytes]]


def answer(path: bytes, accept: bytes, received: int) -> tuple[Headers, bytes]:
    """Headers and body. `received`: bytes so far, for the log, where support finds it by the page's reference."""
    with structlog.contextvars.bound_contextvars(request_id=str(uuid4())):
        logger.warning("request_too_large", received=received)
        media_type, body = _body(path, accept)
    headers = {
        "Content-Type": f"{media_type}; charset=utf-8",
        "Content-Security-Policy": build_policy(),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Connection": "close",
    }
    return [(name.encode(), value.encode()) for name, value in headers.items()], body.encode()


def _body(path: bytes, accept: bytes) -> tuple[str, str]:
    if path.startswith(b"/api/"):
        # As rest.errors has it.
        return "application/json", json.dumps(
            {"code": "too_large", "text": _("The body is too long: 256 KiB at most.")}
        )
    if b"text/html" in accept:
        return "text/html", render_to_string("413.html", {"support_email": settings.SUPPORT_EMAIL})
    return "text/plain", _("What you sent is too large. Go back, choose a smaller file, and send it again.")
