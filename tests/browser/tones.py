"""Tones that say in which second they were captured, and whose a heard one is.

A pitch says the second (`timecode.js`). But a browser that gets no more packets makes up how the sound goes on while it
fades, and that is read as any pitch. It plays no packet then: the RTP timestamp of the newest one stays as it is. So a
sound is made up if no packet was played since a moment ago, and that one before the second of the pitch was due, or by
its own clock long after it; and of every packet that clock says when it was captured, however it sounds.
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
#: readings. So much later than `PacketClock` says a packet may have been captured.
HEARD_LATE_MS = 150
#: A browser goes on by itself for less than that.
FADES_WITHIN_MS = 1000


@dataclass(frozen=True)
class Reading:
    """What one slot's ear noted at one moment."""

    slot: int
    at: float
    """When, in ms."""
    ms: float | None
    """By the pitch: the beginning of the second in which it was captured. None: nothing was heard."""
    level: float
    """In dB; -24 is as loud as it gets."""
    source: int | None
    """SSRC of the newest packet of which anything was played until then."""
    packet: int | None
    """Its RTP timestamp."""


def steady(readings: list[Reading]) -> list[Reading]:
    """Of one slot, those whose pitch two in a row agree on: the onset of a sound is read as a neighbour's at first."""
    found = []
    last = None
    for reading in readings:
        if (
            last
            and last.ms is not None
            and last.ms == reading.ms
            and reading.at - last.at < READ_EVERY_MS * 2
        ):
            found.append(reading)
        last = reading
    return found


def new_at_ms(readings: list[Reading]) -> dict[float, float]:
    """Of one slot, by the time of each reading: since when its newest packet is the newest."""
    since: dict[float, float] = {}
    last = None
    for reading in readings:
        is_same = last is not None and (last.source, last.packet) == (reading.source, reading.packet)
        since[reading.at] = since[last.at] if is_same and last else reading.at
        last = reading
    return since


class PacketClock:
    """When packets were captured, learned from the onsets of seconds that were heard.

    `readings`: of one slot, in one broadcast, steady.
    """

    def __init__(self, readings: list[Reading]) -> None:
        self._first = next((each for each in readings if each.packet is not None), None)
        onsets: dict[float, float] = {}
        for reading in readings:
            played = self._played_ms(reading)
            if played is not None and reading.ms is not None:
                onsets[reading.ms] = min(played, onsets.get(reading.ms, played))
        # A second's onset was heard if the second before it was.
        ahead = [played - ms for ms, played in onsets.items() if ms - PITCH_MS in onsets]
        agrees = ahead and max(ahead) - min(ahead) <= HEARD_LATE_MS
        self._ahead_ms = statistics.median(ahead) if agrees else None

    @property
    def is_known(self) -> bool:
        return self._ahead_ms is not None

    def captured_ms(self, reading: Reading) -> float | None:
        """When the newest packet played was captured; up to `HEARD_LATE_MS` later. None: unknown."""
        played = self._played_ms(reading)
        return None if played is None or self._ahead_ms is None else played - self._ahead_ms

    def _played_ms(self, reading: Reading) -> float | None:
        """From the first packet known; timestamps go round."""
        if self._first is None or self._first.packet is None or reading.packet is None:
            return None
        if reading.source != self._first.source:
            return None
        ticks = reading.packet - self._first.packet
        ticks = (ticks + RTP_TIMESTAMPS // 2) % RTP_TIMESTAMPS - RTP_TIMESTAMPS // 2
        return ticks / RTP_TICKS_PER_MS
