"""Keeps secrets that stand in addresses out of every log line: Backstage links, e-mail and password keys."""

import re
from collections.abc import MutableMapping
from typing import Any

# Secrets are long; names of our own files, which stand in tracebacks, are not.
_SECRET_IN_PATH = re.compile(
    r"(/(?:backstage|backstage-media|moderation|confirm-email|reset/key|invitations)/)[^/\s\"'?]{12,}"
)
_SECRET_IN_QUERY = re.compile(r"(%2F(?:backstage|confirm-email)%2F)[^%&\s\"']+")


def redact(text: str) -> str:
    return _SECRET_IN_QUERY.sub(r"\1***", _SECRET_IN_PATH.sub(r"\1***", text))


def redact_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor; stands last before the renderer, so nothing is added behind it."""
    for key, value in event.items():
        if not isinstance(value, int | float | bool | None):
            event[key] = redact(str(value))
    return event
