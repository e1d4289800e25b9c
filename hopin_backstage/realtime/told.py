"""A notice on its way between processes, and to the pages: encoded once, whoever hears it. No I/O."""

import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from hopin_backstage.realtime.access import AccessChanged
from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.codec import Notice, encode_notice
from hopin_backstage.realtime.frames import text_frame

#: What every consumer works on itself, whatever it is.
FOR_EVERY_CONSUMER = frozenset({AccessChanged.wire_type, CatchUp.wire_type})


class Told:
    """`kind` is the notice's type; `text` its JSON, as the page gets it."""

    def __init__(self, kind: str, text: bytes) -> None:
        #: Interned: compared for each connection.
        self.kind = sys.intern(kind)
        self.text = text
        self.is_for_consumers = kind in FOR_EVERY_CONSUMER
        self.parts: Sequence[Told] = (self,)
        """More than one where several of the same kind came at once and are written at once."""

    @cached_property
    def frame(self) -> bytes:
        """The bytes of the WebSocket. What a server sends is not masked: they are the same for all."""
        if len(self.parts) == 1:
            return text_frame(self.text)
        return b"".join(part.frame for part in self.parts)

    @cached_property
    def message(self) -> dict[str, Any]:
        """As a consumer handles it."""
        return {"type": "notice", "notice": self.kind, "frame": self.text.decode()}


def told(notice: Notice, revision: int | None = None) -> Told:
    return Told(notice.wire_type, encode_notice(notice, revision).encode())


def at_once(parts: Sequence[Told]) -> Told:
    """Several of one kind, in this order."""
    if len(parts) == 1:
        return parts[0]
    together = Told(parts[0].kind, b"")
    together.parts = parts
    return together


def pack(notice: Told) -> bytes:
    """For Redis: a type holds no line break."""
    return b"%b\n%b" % (notice.kind.encode(), notice.text)


def unpack(packed: bytes) -> Told:
    kind, _, text = packed.partition(b"\n")
    return Told(kind.decode(), text)
