from hypothesis import given
from hypothesis import strategies as st

from hopin_backstage.realtime.pace import Pace


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
