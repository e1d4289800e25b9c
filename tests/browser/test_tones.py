"""The ear of the cuts: what a browser makes up is nobody's, and what was captured is of its second, faint or short."""

from dataclasses import replace

import pytest

from tests.browser.cuts import Cut, Outcome, judge_sound
from tests.browser.tones import READ_EVERY_MS, RTP_TICKS_PER_MS, RTP_TIMESTAMPS, PacketClock, Tone, steady

DELAY_MS = 10_000
#: What is heard then was captured 10 s before; the first packet heard has this timestamp.
BEGAN_MS, FIRST_PACKET = 1_000_000, RTP_TIMESTAMPS - 100 * RTP_TICKS_PER_MS  # goes round in the first second


def heard(until_ms: int) -> list[Tone]:
    """All readings of a broadcast from `BEGAN_MS` on, as they come: 90 ms after a packet was played."""
    return [reading(at) for at in range(BEGAN_MS, until_ms, READ_EVERY_MS)]


def reading(at_ms: int) -> Tone:
    captured = at_ms - DELAY_MS - 90
    packet = FIRST_PACKET + (at_ms - 20 - BEGAN_MS) // 20 * 20 * RTP_TICKS_PER_MS
    return Tone(1, captured // 1000 * 1000, at_ms, -24, packet % RTP_TIMESTAMPS)


def judge(after: list[Tone], pressed_ms: int) -> Outcome:
    outcome = Outcome()
    cut = Cut(pressed_ms, pressed_ms + 30, DELAY_MS, broadcast_again_ms=pressed_ms + 2_000)
    judge_sound("ada", heard(pressed_ms) + after, cut, outcome)
    return outcome


@pytest.mark.parametrize("pressed_ms", [BEGAN_MS + 2_300, BEGAN_MS + 5_400])
def test_what_a_browser_makes_up_of_no_new_packet_is_nobodys(pressed_ms: int) -> None:
    last = reading(pressed_ms + 150)
    made_up = replace(last, ms=last.ms + 1000, at=pressed_ms + 350, level=-33)
    outcome = judge([last, made_up], pressed_ms)
    assert (outcome.bad_tones, outcome.made_up) == ([], 1)


@pytest.mark.parametrize("late_ms", [700, 1_200, 1_900, 3_000, 9_000], ids=lambda ms: f"{ms}ms-after")
def test_a_packet_of_a_destroyed_second_is_found_however_faint(late_ms: int) -> None:
    pressed_ms = BEGAN_MS + 2_300
    leaked = reading(pressed_ms + late_ms)
    outcome = judge([replace(leaked, level=-49)], pressed_ms)
    assert len(outcome.bad_tones) == 1


def test_a_packet_of_a_destroyed_second_is_found_whatever_its_pitch_is_read_as() -> None:
    pressed_ms = BEGAN_MS + 2_300
    leaked = reading(pressed_ms + 1_500)
    outcome = judge([replace(leaked, ms=leaked.ms - 5_000)], pressed_ms)
    assert len(outcome.bad_tones) == 1


def test_of_packets_that_are_not_known_the_pitch_alone_decides() -> None:
    pressed_ms = BEGAN_MS + 2_300
    last = reading(pressed_ms + 150)
    outcome = judge([replace(last, ms=last.ms + 1000, packet=None)], pressed_ms)
    assert len(outcome.bad_tones) == 1


def test_no_clock_is_made_of_a_second_whose_onset_was_not_heard() -> None:
    within_a_second = heard(BEGAN_MS + 80)
    assert PacketClock(within_a_second).captured_ms(within_a_second[-1]) is None
    assert PacketClock(within_a_second).can_be(within_a_second[-1])


def test_the_clock_says_when_a_packet_was_captured_also_when_timestamps_go_round() -> None:
    tones = heard(BEGAN_MS + 3_000)
    captured = PacketClock(tones).captured_ms(tones[-1])
    assert captured is not None
    assert abs(captured - (tones[-1].at - DELAY_MS - 90)) <= READ_EVERY_MS + 20


def test_only_a_pitch_that_two_readings_agree_on_is_heard() -> None:
    first, second, third = (reading(BEGAN_MS + 200 + step * READ_EVERY_MS) for step in range(3))
    other = replace(second, ms=second.ms + 5_000)
    assert steady([first, other, third]) == []
    assert steady([first, second, third]) == [second, third]
