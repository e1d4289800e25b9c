"""What is, for one Backstage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from backstage.messages import Layout
from janus.streaming import Mountpoint
from janus.videoroom import Forwarder


@dataclass(frozen=True)
class ObservedLine:
    """Our own delay line. Ports by m-line: `a1`, `v1` … `v5`."""

    delay_s: float
    inputs: Mapping[str, int]
    outputs: Mapping[str, int] | None
    accepting: Mapping[int, int]
    """The slots whose packets it takes in, and the feed that they are to come from."""
    layout: Layout | None
    """The last one that was put in."""
    begun: frozenset[UUID] = frozenset()
    """Broadcasts whose beginning was put in."""
    finished: frozenset[UUID] = frozenset()
    """Broadcasts whose end was put in."""
    cut: frozenset[UUID] = frozenset()
    """Broadcasts of which it destroyed what it held; their end is told, and may not be written yet."""


@dataclass(frozen=True)
class Observed:
    dummy_feed: int | None = None
    """None: Janus has no such room."""
    publishers: Mapping[int, float] = field(default_factory=dict)
    """Feed → seconds since it was first seen; dummies are not among them."""
    is_listened_to: bool = False
    """We are in the room and hear who talks and who is held back."""
    held_back: Mapping[int, bool] = field(default_factory=dict)
    """By feed: whether Janus lets its sound through no more. A feed that is not in it is not known."""
    forwarders: tuple[Forwarder, ...] = ()
    mountpoint: Mountpoint | None = None
    line: ObservedLine | None = None
