"""For how long a connection has been silent. Only the server knows; it offers that as an ASGI extension."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, cast

#: Of `scope["extensions"]`: a function without arguments that gives the seconds for which the other side has been
#: asked for a word in vain.
EXTENSION = "hopin.silence"


def offer(scope: dict[str, Any], seconds: Callable[[], float]) -> None:
    scope.setdefault("extensions", {})[EXTENSION] = seconds


def silent_for(scope: Mapping[str, object]) -> timedelta:
    """Nothing under a server that does not say."""
    extensions = cast("dict[str, Any]", scope.get("extensions", {}))
    seconds = extensions.get(EXTENSION)
    return timedelta(seconds=seconds()) if seconds else timedelta()
