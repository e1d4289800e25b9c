"""Since when a connection has been silent. Only the server knows; it offers that as an ASGI extension."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from django.utils import timezone

#: Of `scope["extensions"]`: a function without arguments that gives the seconds for which the other side has been
#: asked for a word in vain.
EXTENSION = "hopin.silence"


def offer(scope: dict[str, Any], seconds: Callable[[], float]) -> None:
    scope.setdefault("extensions", {})[EXTENSION] = seconds


def last_word(scope: Mapping[str, object]) -> datetime:
    """The moment up to which the other side may have been there. Now, under a server that does not say."""
    extensions = cast("dict[str, Any]", scope.get("extensions", {}))
    seconds = extensions.get(EXTENSION)
    return timezone.now() - timedelta(seconds=seconds() if seconds else 0)
