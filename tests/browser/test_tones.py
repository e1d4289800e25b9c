"""The ear of the cuts: what a browser makes up is nobody's; what was captured is of its second, however it sounds."""

from dataclasses import replace

import pytest

from tests.browser.cuts import Cut, Outcome, judge_sound
from tests.browser.tones import (
    HEARD_LATE_MS,
    PITCH_MS,
    READ_EVERY_MS,
    RTP_TICKS_PER_MS,
    RTP_TIMESTAMPS,
    PacketClock,
    Reading,
    new_at_ms,
    steady,
)

DELAY_MS = 10_000
BEGAN_MS = 1_000_000
#: The pitch that is heard is as much older than the newest packet.
PITCH_LATE_MS = 70
#: Timestamps go round 2.5 s after the first packet that is heard.
FIRST_PACKET = RTP_TIMESTAMPS - 2_500 * RTP_TICKS_PER_MS
#: The seconds from half a second before it on are destroyed.
PRESSED_MS = BEGAN_MS + 4_300
DESTROYED_MS = PRESSED_MS - DELAY_MS + 500


def reading(at_ms: int) -> Reading:
    """A packet of 20 ms is heard 20 ms after it is played, `DELAY_MS` after it was captured."""
    captured = (at_ms - DELAY_MS - 20) // 20 * 20
    packet = FIRST_PACKET + (captured - BEGAN_MS + DELAY_MS) * RTP_TICKS_PER_MS
    second = (captured - PITCH_LATE_MS) // PITCH_MS * PITCH_MS
    return Reading(1, at_ms, second, -24, source=77, packet=packet % RTP_TIMESTAMPS)


def heard(until_ms: int) -> list[Reading]:
    """All readings of a broadcast, from its first sound on."""
    return [reading(at) for at in range(BEGAN_MS, until_ms, READ_EVERY_MS)]


def fades(*, pitch_ms: int, level: float = -33) -> list[Reading]:
    """The last packet before the cut, and what is heard after it while no other comes, of another pitch."""
    last = reading(PRESSED_MS + 100)
    return [last, *(replace(last, ms=pitch_ms, at=last.at + n * READ_EVERY_MS, level=level) for n in (1, 2))]


def judge(after: list[Reading], pressed_ms: int = PRESSED_MS, *, earlier: tuple[Cut, ...] = ()) -> Outcome:
    cut = Cut(pressed_ms, pressed_ms + 30, DELAY_MS, broadcast_again_ms=pressed_ms + 2_000)
    outcome = Outcome(cuts=[*earlier, cut])
    judge_sound("ada", heard(pressed_ms) + after, outcome)
    return outcome


#: The first whole second that is destroyed.
NEXT_MS = DESTROYED_MS // PITCH_MS * PITCH_MS + PITCH_MS


def test_what_a_browser_makes_up_of_no_new_packet_is_nobodys() -> None:
    outcome = judge(fades(pitch_ms=NEXT_MS))
    assert (outcome.bad_tones, outcome.made_up, outcome.clocks_known) == ([], 1, 1)


def test_what_a_browser_makes_up_is_not_of_an_earlier_cut_either() -> None:
    earlier = Cut(BEGAN_MS - 20_000, BEGAN_MS - 19_970, DELAY_MS, broadcast_again_ms=BEGAN_MS - 11_000)
    begin, end = earlier.destroyed
    outcome = judge(fades(pitch_ms=int(begin + end) // 2 // PITCH_MS * PITCH_MS), earlier=(earlier,))
    assert (outcome.bad_tones, outcome.made_up) == ([], 1)


def test_the_first_packets_of_the_next_broadcast_are_not_of_the_cut_before() -> None:
    # It began to be captured when it was pressed, and the clock says a little less.
    earlier = Cut(BEGAN_MS - 20_000, BEGAN_MS - 19_970, DELAY_MS, broadcast_again_ms=BEGAN_MS - DELAY_MS - 20)
    assert judge([], earlier=(earlier,)).bad_tones == []


def test_what_still_sounds_long_after_the_last_packet_is_not_made_up() -> None:
    long_after = [replace(each, at=each.at + 1_200) for each in fades(pitch_ms=NEXT_MS)[1:]]
    assert len(judge([*fades(pitch_ms=NEXT_MS)[:1], *long_after]).bad_tones) == 1


def test_what_sounds_while_packets_come_is_not_made_up() -> None:
    # As after a new sender: its packets go on where the last one's ended, whenever they were captured.
    first, second, third = fades(pitch_ms=NEXT_MS)
    assert first.packet is not None
    third = replace(third, packet=first.packet + 60 * RTP_TICKS_PER_MS)
    assert len(judge([first, second, third]).bad_tones) == 1


@pytest.mark.parametrize("late_ms", [700, 1_200, 1_900], ids=lambda ms: f"{ms}ms-after")
@pytest.mark.parametrize("pitch", ["its own", "another", None], ids=str)
def test_a_packet_of_a_destroyed_second_is_found_however_it_sounds(late_ms: int, pitch: str | None) -> None:
    leaked = reading(PRESSED_MS + late_ms)
    assert leaked.ms is not None
    ms = {"its own": leaked.ms, "another": leaked.ms - 5_000, None: None}[pitch]
    assert len(judge([replace(leaked, ms=ms, level=-60)]).bad_tones) == 1


def test_what_the_clock_puts_a_little_before_its_second_may_be_of_it() -> None:
    # The destroyed seconds begin 50 ms before a pitch does.
    pressed_ms = NEXT_MS - 50 + DELAY_MS - 500
    leaked = reading(NEXT_MS + DELAY_MS + 40)
    two = [replace(leaked, ms=NEXT_MS, at=leaked.at + n * READ_EVERY_MS) for n in (0, 1)]
    assert len(judge(two, pressed_ms).bad_tones) == 1


def test_what_the_next_broadcast_plays_has_another_clock() -> None:
    jumped = reading(PRESSED_MS + 1_500).packet
    next_one = replace(reading(PRESSED_MS + 13_000), ms=PRESSED_MS + 3_000, packet=jumped)
    assert judge([next_one]).bad_tones == []


def test_in_the_next_broadcast_a_destroyed_second_is_known_by_its_pitch() -> None:
    leaked = reading(PRESSED_MS + 9_000)
    two = [replace(leaked, ms=NEXT_MS, at=leaked.at + n * READ_EVERY_MS, packet=None) for n in (0, 1)]
    assert len(judge(two).bad_tones) == 1


def test_of_packets_that_are_not_known_the_pitch_alone_decides() -> None:
    assert len(judge([replace(each, packet=None) for each in fades(pitch_ms=NEXT_MS)[1:]]).bad_tones) == 1


def test_what_a_browser_makes_up_needs_no_clock() -> None:
    # Cut before a whole second was heard.
    outcome = Outcome(cuts=[Cut(PRESSED_MS, PRESSED_MS + 30, DELAY_MS)])
    judge_sound("ada", [*heard(PRESSED_MS)[-4:], *fades(pitch_ms=NEXT_MS)], outcome)
    assert (outcome.bad_tones, outcome.made_up, outcome.clocks_known) == ([], 1, 0)


def test_the_clock_knows_one_sender() -> None:
    clock = PacketClock(heard(BEGAN_MS + 2_400))
    assert clock.captured_ms(replace(reading(BEGAN_MS + 3_000), source=78)) is None


def test_no_clock_is_made_of_a_second_whose_onset_was_not_heard() -> None:
    assert not PacketClock(steady(heard(BEGAN_MS + 80))).is_known


def test_no_clock_is_made_of_onsets_that_disagree() -> None:
    readings = heard(BEGAN_MS + 4_000)
    assert PacketClock(readings).is_known
    jumped = [replace(each, packet=(each.packet or 0) + 48_000) for each in readings[50:]]
    assert not PacketClock([*readings[:50], *jumped]).is_known


def test_the_clock_says_when_a_packet_was_captured_also_when_timestamps_have_gone_round() -> None:
    clock = PacketClock(heard(BEGAN_MS + 2_400))
    late = reading(BEGAN_MS + 4_000)
    captured = clock.captured_ms(late)
    assert captured is not None
    assert late.at - DELAY_MS - 20 - HEARD_LATE_MS < captured <= late.at - DELAY_MS - 20


def test_only_a_pitch_that_two_readings_agree_on_is_heard() -> None:
    first, second, third = (reading(BEGAN_MS + 200 + step * READ_EVERY_MS) for step in range(3))
    assert steady([first, second, third]) == [second, third]
    for other in (5_000.0, None):
        assert steady([first, replace(second, ms=other), third]) == []


def test_since_when_the_newest_packet_is_the_newest() -> None:
    first, second = reading(BEGAN_MS + 200), reading(BEGAN_MS + 250)
    again = replace(second, at=BEGAN_MS + 300)
    assert new_at_ms([first, second, again]) == {
        first.at: first.at,
        second.at: second.at,
        again.at: second.at,
    }
