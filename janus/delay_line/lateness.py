"""How late entries came out: a bounded window of the last ones."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

WINDOW_ENTRIES = 8192


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds after the due time, over the last `entries` that came out (at most `WINDOW_ENTRIES`)."""

    p50_s: float = 0.0
    p99_s: float = 0.0
    max_s: float = 0.0
    entries: int = 0


class LatenessWindow:
    """Keeps the last latenesses in seconds; sorting waits until somebody asks."""

    def __init__(self, size: int = WINDOW_ENTRIES) -> None:
        self._window_s: deque[float] = deque(maxlen=size)
        self.add_s = self._window_s.append

    def summary(self) -> Lateness:
        """Percentiles of the window, all zero before anything came out."""
        if not self._window_s:
            return Lateness()
        ordered_s = sorted(self._window_s)
        return Lateness(_rank(ordered_s, 0.50), _rank(ordered_s, 0.99), ordered_s[-1], len(ordered_s))


def _rank(ordered_s: Sequence[float], share: float) -> float:
    return ordered_s[min(int(len(ordered_s) * share), len(ordered_s) - 1)]
