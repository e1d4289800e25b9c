"""Holds the packets of a show and the changes of its layout for N seconds. Plain asyncio, knows no Django."""

from janus.delay_line.buffer import Bound, BufferStats, CutReport, DelayBuffer
from janus.delay_line.entries import Entry, LayoutChange, Packet
from janus.delay_line.lateness import Lateness
from janus.delay_line.relay import DelayLine, DelayLineStats

__all__ = [
    "Bound",
    "BufferStats",
    "CutReport",
    "DelayBuffer",
    "DelayLine",
    "DelayLineStats",
    "Entry",
    "Lateness",
    "LayoutChange",
    "Packet",
]
