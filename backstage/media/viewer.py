"""One viewer of a Stage: a subscriber of its mountpoint."""

from collections.abc import Callable

from janus import streaming
from janus.events import HandleEvent
from janus.jsep import Candidate, Jsep
from janus.session import JanusHandle, JanusSession, Plugin


class Viewer:
    def __init__(self, mountpoint: int, pin: str) -> None:
        self.mountpoint = mountpoint
        self.pin = pin
        self.handle: JanusHandle | None = None

    async def start(self, session: JanusSession, on_event: Callable[[HandleEvent], None]) -> str:
        """Watches; returns Janus's SDP offer. Raises JanusError."""
        self.handle = await session.attach(Plugin.STREAMING, on_event)
        offer = await streaming.watch(self.handle, self.mountpoint, self.pin)
        return offer.sdp

    async def answer(self, sdp: str) -> None:
        if self.handle is not None:
            await streaming.start(self.handle, Jsep(type="answer", sdp=sdp))

    async def candidate(self, candidate: Candidate | None) -> None:
        if self.handle is not None:
            await self.handle.trickle(candidate)

    async def stop(self) -> None:
        """Raises JanusError; the view is over all the same."""
        handle, self.handle = self.handle, None
        if handle is not None:
            await handle.detach()
