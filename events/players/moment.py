"""Where in a video to begin, as the providers write it: 90, 90s, 1m30s, 1h2m3s."""

import re

_MOMENT = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", re.ASCII)


def seconds(moment: str) -> int | None:
    """None for the beginning, and for what is no moment."""
    found = _MOMENT.fullmatch(moment)
    if not found:
        return None
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    return 3600 * hours + 60 * minutes + rest or None
