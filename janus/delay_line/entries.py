"""What the delay line holds: packets of one input, and changes of the layout."""

from dataclasses import dataclass

# (index of the input it came in by, the datagram's bytes)
Packet = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """A layout in its place between the packets. The line never looks into it."""

    layout: object


Entry = Packet | LayoutChange
