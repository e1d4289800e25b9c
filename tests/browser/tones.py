"""Tones that say in which second they were captured, and whose a heard one is.

A pitch says the second (`timecode.js`). But a browser that gets no more packets makes up how the sound goes on while it
fades, and that is read as any pitch. It plays no packet then: the RTP timestamp of the newest one stays. So a sound is
of a second only if a packet of that second was played, and the packets' own clock says when each was captured.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

#: A pitch lasts a second, so a sound is known to that.
PITCH_MS = 1000
READ_EVERY_MS = 50
#: Opus (RFC 7587, 4.1).
RTP_TICKS_PER_MS = 48
RTP_TIMESTAMPS = 2**32
#: What is played is heard up to so much later: the browser's buffer, the ear's window (85 ms), and the time between two
#: readings. So much later than said by `PacketClock` a packet may have been captured.
HEARD_LATE_MS = 150


@dataclass(frozen=True)
class Tone:
    slot: int
    ms: float
    """By its pitch: the beginning of the second in which it was captured."""
    at: float
    """When it was heard, in ms."""
    level: float
    """In dB; -24 is as loud as it gets."""
    packet: int | None
    """The RTP timestamp of the newest packet played until then."""


def steady(tones: list[Tone]) -> list[Tone]:
    """Those of which two readings in a row agree: the onset of a sound is read as a neighbouring pitch for a moment."""
    found = []
    before: dict[int, Tone] = {}
    for tone in tones:
        last = before.get(tone.slot)
        if last and last.ms == tone.ms and tone.at - last.at < READ_EVERY_MS * 2:
            found.append(tone)
        before[tone.slot] = tone
    return found


class PacketClock:
    """When the packets of one slot were captured, learned from the onsets of seconds that were heard.

    `tones`: of one slot, in one broadcast.
    """

    def __init__(self, tones: list[Tone]) -> None:
        self._first = next((tone.packet for tone in tones if tone.packet is not None), None)
        onsets: dict[float, float] = {}
        for tone in tones:
            played = self._played_ms(tone)
            if played is not None:
                onsets[tone.ms] = min(played, onsets.get(tone.ms, played))
        heard_whole = [played - ms for ms, played in onsets.items() if ms - PITCH_MS in onsets]
        self._ahead_ms = statistics.median(heard_whole) if heard_whole else None

    def captured_ms(self, tone: Tone) -> float | None:
        """When the newest packet was captured that was played when `tone` was heard, at the earliest. None: not known."""
        played = self._played_ms(tone)
        return None if played is None or self._ahead_ms is None else played - self._ahead_ms

    def can_be(self, tone: Tone) -> bool:
        """Whether a packet of the second that its pitch says had been played. True as well if that is not known."""
        captured = self.captured_ms(tone)
        return captured is None or captured + HEARD_LATE_MS >= tone.ms

    def _played_ms(self, tone: Tone) -> float | None:
        """From the first packet known; timestamps go round."""
        if tone.packet is None or self._first is None:
            return None
        ticks = (tone.packet - self._first + RTP_TIMESTAMPS // 2) % RTP_TIMESTAMPS - RTP_TIMESTAMPS // 2
        return ticks / RTP_TICKS_PER_MS
