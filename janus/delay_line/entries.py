"""What the delay line holds: packets of one input, and changes of the layout."""

from dataclasses import dataclass

# (index of the input it came in by, the datagram's bytes). A bare tuple on purpose: the garbage collector
# stops visiting exact tuples of plain values, so hundreds of thousands of held packets cost no pauses. A
# NamedTuple or a slotted class would be visited for ever.
Packet = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """A layout in its place between the packets. The line never looks into it."""

    layout: object


Entry = Packet | LayoutChange
