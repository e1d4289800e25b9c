"""One viewer of a Stage: a subscriber of its mountpoint."""

from collections.abc import Callable, Sequence

from backstage.media.peer import Peer
from backstage.media.sdp import fit_answer
from backstage.models import SLOTS
from janus import streaming
from janus.events import HandleEvent
from janus.jsep import Jsep
from janus.session import JanusSession, Plugin

#: The mountpoint's media: microphone and camera of slot 1 to 5.
ALL = tuple(f"{kind}{slot}" for slot in range(1, SLOTS + 1) for kind in "av")
PICTURES = tuple(mid for mid in ALL if mid.startswith("v"))


class Viewer(Peer):
    """`mids`: which of the mountpoint's media it is offered."""

    def __init__(self, mountpoint: int, pin: str, mids: Sequence[str] = ALL) -> None:
        self.mountpoint = mountpoint
        self.pin = pin
        self.mids = mids

    async def start(self, session: JanusSession, on_event: Callable[[HandleEvent], None]) -> str:
        """Watches; returns Janus's SDP offer. Raises JanusError."""
        self.handle = await session.attach(Plugin.STREAMING, on_event)
        offer = await streaming.watch(self.handle, self.mountpoint, self.pin, self.mids)
        return offer.sdp

    async def answer(self, sdp: str) -> None:
        """Raises JanusError, UnfitSdp."""
        if self.handle is not None:
            await streaming.start(self.handle, Jsep(type="answer", sdp=fit_answer(sdp, self.mids)))
