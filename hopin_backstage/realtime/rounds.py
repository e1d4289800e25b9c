"""A round of writing: one frame to each of many connections."""

from collections.abc import Sequence
from functools import cache

import structlog

from hopin_backstage.realtime.many_writes import MOST, ManyWrites, Unavailable
from hopin_backstage.realtime.outlet import Outlet

log = structlog.get_logger(__name__)

#: Connections for which it is worth it; fewer are written to one by one.
FEWEST = 8


def write_to_all(outlets: Sequence[Outlet], frame: bytes) -> None:
    """As `outlet.write(frame)` for each, in any order."""
    clear = []
    for outlet in outlets:
        if outlet.is_clear:
            clear.append(outlet)
        else:
            outlet.write(frame)
    for start in range(0, len(clear), MOST):
        _write_now(clear[start : start + MOST], frame)


def _write_now(outlets: Sequence[Outlet], frame: bytes) -> None:
    asked = 0
    if len(outlets) >= FEWEST and (kernel := _kernel()):
        try:
            asked, short = kernel.write([outlet.fileno() for outlet in outlets], frame)
        except OSError:
            log.exception("writes_not_known")
            for outlet in outlets:
                outlet.give_up()
            return
        for place, taken in short.items():
            outlets[place].hold_back(frame[taken:])
    for outlet in outlets[asked:]:
        outlet.write(frame)


@cache
def _kernel() -> ManyWrites | None:
    """One for all event loops of the process."""
    try:
        return ManyWrites()
    except Unavailable as reason:
        log.warning("writes_one_by_one", reason=str(reason))
        return None
