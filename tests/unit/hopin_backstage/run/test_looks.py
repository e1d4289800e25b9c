from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.run.looks import Looks

STEPS = 7


@given(st.lists(st.lists(st.integers(0, 40)), max_size=60))
def test_between_two_looks_at_whoever_stays_is_one_round_whoever_comes_or_goes(
    turned: list[list[int]],
) -> None:
    """`turned`: at each step, who comes if they are not there, and goes if they are."""
    looks: Looks[object] = Looks(STEPS)
    here: dict[int, object] = {}
    #: The step of the last look at each who is there; of whoever is new, the one before they came.
    last: dict[object, int] = {}
    new: set[object] = set()
    for now, who in enumerate(turned):
        for number in who:
            if number in here:
                del last[here.pop(number)]
            else:
                here[number] = each = object()
                last[each] = now - 1
                new.add(each)
                looks.add(each)
        for each in looks.step(last):
            assert now - last[each] == STEPS or each in new
            last[each] = now
            new.discard(each)
        assert all(now - before < STEPS for before in last.values())


def test_a_full_house_is_looked_at_a_few_at_a_time() -> None:
    looks: Looks[int] = Looks(STEPS)
    for number in range(70):
        looks.add(number)
    steps = [looks.step(range(70)) for _ in range(STEPS)]
    assert {len(step) for step in steps} == {10}
    assert sorted(each for step in steps for each in step) == list(range(70))
