"""How fast one connection may ask. A bucket of tokens: each command takes one, time brings them back."""

import time
from collections.abc import Callable


class Pace:
    """`burst` at once, `per_s` a second from then on."""

    def __init__(self, burst: int, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._tokens = float(burst)
        self._since = clock()

    def allows(self) -> bool:
        """Takes a token; False if there is none."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._since) * self._per_s)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True
