from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.realtime.pace import Pace, of_person


@given(st.lists(st.floats(0, 5), max_size=200))
def test_never_more_than_the_burst_and_what_time_brought(pauses: list[float]) -> None:
    now = 0.0
    pace = Pace(5, 2.0, clock=lambda: now)
    allowed = 0
    for pause in pauses:
        now += pause
        allowed += pace.allows()
        assert allowed <= 5 + 2 * now + 1e-6


def test_whoever_is_patient_is_never_refused() -> None:
    now = 0.0
    pace = Pace(3, 2.0, clock=lambda: now)
    for _command in range(100):
        now += 0.5
        assert pace.allows()


def test_what_costs_more_empties_it_sooner_and_what_was_refused_costs_nothing() -> None:
    now = 0.0
    pace = Pace(10, 1.0, clock=lambda: now)
    assert pace.allows(8)
    assert not pace.allows(3)
    assert pace.allows(2)
    assert not pace.allows()


def test_all_connections_of_a_person_have_one_pace() -> None:
    first, second, another = of_person(1, 3, 0), of_person(1, 3, 0), of_person(2, 3, 0)
    assert first.allows(2)
    assert second.allows()
    assert not second.allows()
    assert another.allows(3)
