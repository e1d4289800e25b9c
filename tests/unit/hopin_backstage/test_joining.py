"""Notices that came at once: joined where nobody can tell, in order for everybody."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.realtime.joining import MOST_AT_ONCE, MOST_IN_TURNS, joined
from hopin_backstage.realtime.told import Told


def numbered(come: list[tuple[str, str]]) -> list[tuple[str, Told]]:
    return [(group, Told(kind, str(number).encode())) for number, (group, kind) in enumerate(come)]


def join(come: list[tuple[str, str]], groups: dict[str, str]) -> list[tuple[str, str, list[int]]]:
    """`groups`: the members of each, a letter one."""
    return [
        (group, notice.kind, [int(part.text) for part in notice.parts])
        for group, notice in joined(numbered(come), lambda group: dict.fromkeys(groups.get(group, "")))
    ]


def test_what_follows_one_upon_the_other_is_joined_if_it_is_of_one_kind() -> None:
    come = [("g", "a"), ("g", "a"), ("g", "b"), ("g", "a")]
    assert join(come, {"g": "xy"}) == [("g", "a", [0, 1]), ("g", "b", [2]), ("g", "a", [3])]


def test_groups_that_take_turns_are_joined_if_nobody_is_in_both() -> None:
    turns = [("g", "a"), ("h", "a"), ("g", "a"), ("h", "a")]
    assert join(turns, {"g": "xy", "h": "z"}) == [("g", "a", [0, 2]), ("h", "a", [1, 3])]
    assert len(join(turns, {"g": "xy", "h": "yz"})) == 4


def test_not_without_end() -> None:
    assert [len(numbers) for _, _, numbers in join([("g", "a")] * (MOST_AT_ONCE + 1), {"g": "x"})] == [
        MOST_AT_ONCE,
        1,
    ]


@pytest.mark.parametrize(("groups", "calls"), [(MOST_IN_TURNS, 1), (MOST_IN_TURNS + 1, 2)])
def test_how_many_groups_may_take_turns(groups: int, calls: int) -> None:
    turns = [(str(group), "a") for _ in range(2) for group in range(groups)]
    assert len(join(turns, {str(group): str(group) for group in range(groups)})) == groups * calls


KINDS = [*product("ghi", "ab")]


@given(
    st.lists(st.sampled_from(KINDS), max_size=60),
    st.fixed_dictionaries({group: st.text("uvwxyz") for group in "ghi"}),
)
def test_each_member_hears_everything_once_in_the_order_in_which_it_came(
    come: list[tuple[str, str]], groups: dict[str, str]
) -> None:
    told = join(come, groups)
    for member in "uvwxyz":
        due = [number for number, (group, _) in enumerate(come) if member in groups[group]]
        heard = [number for group, _, numbers in told if member in groups[group] for number in numbers]
        assert heard == due
    assert sorted(number for _, _, numbers in told for number in numbers) == [*range(len(come))]
