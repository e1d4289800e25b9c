"""Said where notices may have been lost: what a page shows may be old."""

from typing import ClassVar

from hopin_backstage.realtime.codec import Notice


class CatchUp(Notice):
    """Ask anew for what this socket shows: `snapshot.get`, or what the socket has for that."""

    wire_type: ClassVar[str] = "line.catch_up"
