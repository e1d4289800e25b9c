"""What every PeerConnection between a page and Janus has: a handle, candidates for it, and an end."""

from backstage.media.candidates import Drop
from janus.jsep import Candidate
from janus.session import JanusHandle


class Peer:
    """`handle`: None before it is started, and once it is stopped."""

    handle: JanusHandle | None = None

    async def candidate(self, candidate: Candidate | Drop | None) -> None:
        """As `candidates.from_page` made it. Raises JanusError."""
        if self.handle is not None and not isinstance(candidate, Drop):
            await self.handle.trickle(candidate)

    async def stop(self) -> None:
        """Raises JanusError; it is over all the same."""
        handle, self.handle = self.handle, None
        if handle is not None:
            await handle.detach()
