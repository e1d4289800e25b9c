"""Who is looked after when: each at the same step of every round, a few at each step. No I/O."""

from collections.abc import Container
from typing import Generic, TypeVar

Each = TypeVar("Each")

#: Seconds for a round, which is part of the 15 in `websocket`, and its steps: of 500 about six at each.
ROUND_S, STEPS = 1.8, 80


class Looks(Generic[Each]):
    def __init__(self, steps: int) -> None:
        self._at: list[list[Each]] = [[] for _ in range(steps)]
        self._now = 0

    def add(self, each: Each) -> None:
        """Looked at within a round, and then once in a round, whoever else comes or goes."""
        min(self._at, key=len).append(each)

    def step(self, there: Container[Each]) -> list[Each]:
        """Whom to look at now. Whoever is not there any more is forgotten."""
        self._now = (self._now + 1) % len(self._at)
        these = self._at[self._now] = [each for each in self._at[self._now] if each in there]
        return these
