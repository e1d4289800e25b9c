"""Holds the packets of a show and the changes of its layout for N seconds. Plain asyncio, knows no Django."""

from .buffer import Bound, BufferStats, CutReport, DelayBuffer
from .entries import Entry, LayoutChange, Packet
from .lateness import Lateness
from .relay import DelayLine, DelayLineStats

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
