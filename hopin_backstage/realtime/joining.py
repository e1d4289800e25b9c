"""What has come at once to the same members becomes one notice, which is written once to each connection. No I/O."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hopin_backstage.realtime.told import Told, at_once

#: Notices that are written with one call.
MOST_AT_ONCE = 16
#: Groups whose notices may come in turns and are joined all the same: a room has few.
MOST_IN_TURNS = 4


def joined(
    come: Iterable[tuple[str, Told]], members: Callable[[str], Mapping[Any, object]]
) -> list[tuple[str, Told]]:
    """Pairs of channel and notice, in an order that is for each member the one in which they came.

    Only notices of one kind are joined, since members decide by the kind what becomes of it.
    """
    runs: list[tuple[str, list[Told]]] = []
    for channel, notice in come:
        run = _run_to_join(channel, notice, runs, members)
        if run is None:
            runs.append((channel, [notice]))
        else:
            run.append(notice)
    return [(channel, at_once(notices)) for channel, notices in runs]


def _run_to_join(
    channel: str,
    notice: Told,
    runs: list[tuple[str, list[Told]]],
    members: Callable[[str], Mapping[Any, object]],
) -> list[Told] | None:
    for other, notices in runs[: -MOST_IN_TURNS - 1 : -1]:
        if other == channel:
            fits = notices[0].kind == notice.kind and len(notices) < MOST_AT_ONCE
            return notices if fits else None
        # It would overtake this for whoever is in both.
        if not members(channel).keys().isdisjoint(members(other).keys()):
            return None
    return None
