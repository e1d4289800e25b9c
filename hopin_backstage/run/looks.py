"""Who is looked after when: everybody once in a round, a few at each step. No I/O."""

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

Each = TypeVar("Each")

#: Seconds for a round, and its steps.
ROUND_S, STEPS = 2.0, 80


def in_turns(everybody: Callable[[], Collection[Each]], steps: int) -> Iterator[list[Each]]:
    """Without end: whom to look at in this step, of those that are still there.

    A step has one more than its equal share at most. Whoever comes during a round is looked at in the next.
    """
    while True:
        of_this_round = list(everybody())
        count = len(of_this_round)
        for step in range(steps):
            share = of_this_round[count * step // steps : count * (step + 1) // steps]
            there = everybody()
            yield [each for each in share if each in there]
