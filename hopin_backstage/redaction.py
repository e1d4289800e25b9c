"""Keeps what stands in addresses and is nobody's business out of every log line.

Backstage links, keys of e-mail and password, and e-mail addresses that somebody searched for.
"""

import re
from collections.abc import MutableMapping
from typing import Any

# A slash may be written as %2F, and that once more as %252F. Secrets are long; names of our own files, which stand
# in tracebacks, are not.
_SLASH = r"(?:/|%(?:25)*2f)"
_SECRET = re.compile(
    rf"({_SLASH}+(?:backstage|backstage-media|backstage-preview|moderation|confirm-email|reset{_SLASH}+key|invitations){_SLASH}+)"
    r"[\w.:-]{12,}",
    re.IGNORECASE,
)
_SEARCHED = re.compile(r"([?&][\w-]+=)[^&\s'\"]*(?:@|%40)[^&\s'\"]*", re.IGNORECASE)


def redact(text: str) -> str:
    return _SEARCHED.sub(r"\1***", _SECRET.sub(r"\1***", text))


def redact_secrets(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor; stands last before the renderer, so nothing is added behind it."""
    for key, value in event.items():
        if not isinstance(value, int | float | bool | None):
            event[key] = redact(str(value))
    return event
