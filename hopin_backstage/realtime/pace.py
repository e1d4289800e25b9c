"""How fast one may ask. A bucket of tokens: each command takes its cost, time brings them back."""

import time
from collections.abc import Callable
from weakref import WeakValueDictionary


class Pace:
    """`burst` at once, `per_s` a second from then on."""

    def __init__(self, burst: int, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_s = per_s
        self._clock = clock
        self._tokens = float(burst)
        self._since = clock()

    def allows(self, cost: float = 1) -> bool:
        """Takes so many tokens; False, and takes none, if there are not so many."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._since) * self._per_s)
        self._since = now
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True


#: Those of a person are one: whoever opens more connections may not ask more.
_of_persons: "WeakValueDictionary[int, Pace]" = WeakValueDictionary()


def of_person(person: int, burst: int, per_s: float) -> Pace:
    """The pace of all connections of a person to this process; it lives as long as one of them holds it."""
    pace = _of_persons.get(person)
    if pace is None:
        pace = _of_persons[person] = Pace(burst, per_s)
    return pace
