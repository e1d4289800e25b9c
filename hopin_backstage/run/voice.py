"""What the runner says: one calm line a step."""

import contextlib
import sys


def say(line: str = "") -> None:
    # A closed terminal must not keep the runner from stopping its parts.
    with contextlib.suppress(OSError, ValueError):
        print(line, flush=True)


def complain(line: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
