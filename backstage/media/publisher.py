"""One person's camera and microphone on their way into the room: a feed."""

import secrets
from collections.abc import Callable
from uuid import UUID

from backstage.media.candidates import Drop, trickle
from backstage.media.sdp import fit_offer
from backstage.media.secrets import room_secret
from janus import videoroom
from janus.events import HandleEvent
from janus.jsep import Candidate, Jsep
from janus.session import JanusHandle, JanusSession, Plugin


def new_feed() -> int:
    """Ours to choose; never used twice, so that nobody takes a new feed for an old one."""
    return secrets.randbelow(2**52) + 1


class Publisher:
    """A feed that belongs to one place on screen (`slot_id`)."""

    def __init__(self, room: int, slot_id: UUID, feed: int) -> None:
        self.room = room
        self.slot_id = slot_id
        self.feed = feed
        self.handle: JanusHandle | None = None
        self.up = False

    async def replace(self, old_feed: int, session: JanusSession) -> None:
        """Puts an older feed of the same place out of the room. Raises JanusError, also when it has gone already."""
        handle = await session.attach(Plugin.VIDEOROOM, lambda _event: None)
        try:
            await videoroom.kick(handle, self.room, room_secret(self.room), old_feed)
        finally:
            await handle.detach()

    async def start(
        self,
        session: JanusSession,
        offer: str,
        name: str,
        bitrate: int,
        on_event: Callable[[HandleEvent], None],
    ) -> str:
        """Publishes; returns Janus's SDP answer. Raises JanusError, UnfitSdp."""
        fit = fit_offer(offer)
        self.handle = await session.attach(Plugin.VIDEOROOM, on_event)
        answer = await videoroom.join_and_publish(
            self.handle, self.room, self.feed, name, Jsep(type="offer", sdp=fit), bitrate=bitrate
        )
        return answer.sdp

    async def candidate(self, candidate: Candidate | Drop | None) -> None:
        """As `candidates.from_page` made it. Raises JanusError."""
        await trickle(self.handle, candidate)

    async def stop(self) -> None:
        """Ends the feed. Raises JanusError; the feed is over all the same."""
        handle, self.handle = self.handle, None
        if handle is not None:
            await handle.detach()
