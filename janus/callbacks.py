"""Calling back into the application from the receive loop."""

import logging
from collections.abc import Callable
from typing import ParamSpec

logger = logging.getLogger(__name__)

Arguments = ParamSpec("Arguments")


def guarded(callback: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
    """Call it; a failure is logged with its traceback and goes no further, because the receive loop
    serves every session of the process."""
    try:
        callback(*args, **kwargs)
    except Exception:
        logger.exception("A callback of the Janus adapter failed: %r", callback)
