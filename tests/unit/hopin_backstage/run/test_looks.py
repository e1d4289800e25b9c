from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.run.looks import in_turns


@given(st.integers(0, 300), st.integers(1, 90))
def test_everybody_is_looked_at_once_in_a_round_and_few_at_each_step(people: int, steps: int) -> None:
    looks = in_turns(lambda: range(people), steps)
    for _round in range(2):
        shares = list(islice(looks, steps))
        assert [each for share in shares for each in share] == list(range(people))
        assert max(map(len, shares)) <= people // steps + 1


def test_whoever_left_is_not_looked_at_and_whoever_came_is_in_the_next_round() -> None:
    there = dict.fromkeys("abcd")
    looks = in_turns(there.keys, 2)
    assert next(looks) == ["a", "b"]
    del there["c"]
    there["e"] = None
    assert next(looks) == ["d"]
    assert [*next(looks), *next(looks)] == ["a", "b", "d", "e"]
