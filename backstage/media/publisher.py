"""One person's camera and microphone, or their screen, on their way into a room: a feed."""

import secrets
from collections.abc import Callable
from uuid import UUID

from backstage.media.peer import Peer
from backstage.media.sdp import fit_offer
from backstage.media.secrets import room_secret
from backstage.media.watcher import AUDIO_MID
from backstage.messages import FeedKind
from janus import videoroom
from janus.events import HandleEvent
from janus.jsep import Jsep
from janus.session import JanusSession, Plugin


def new_feed() -> int:
    """Ours to choose; never used twice, so that nobody takes a new feed for an old one."""
    return secrets.randbelow(2**52) + 1


class Sender(Peer):
    """A PeerConnection that brings media into a room."""

    def __init__(self, room: int, feed: int) -> None:
        self.room = room
        self.feed = feed

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


class Publisher(Sender):
    """A feed that belongs to one place on screen (`slot_id`).

    `up`: media flow. `arrives`: by "audio" and "video", whether packets have been coming in.
    """

    def __init__(self, room: int, slot_id: UUID, feed: int, kind: FeedKind = "camera") -> None:
        super().__init__(room, feed)
        self.slot_id = slot_id
        self.kind = kind
        self.up = False
        self.arrives = {"audio": True, "video": True}

    async def replace(self, old_feed: int, session: JanusSession) -> None:
        """Puts an older feed of the same place out of the room. Raises JanusError, also when it has gone already."""
        handle = await session.attach(Plugin.VIDEOROOM, lambda _event: None)
        try:
            await videoroom.kick(handle, self.room, room_secret(self.room), old_feed)
        finally:
            await handle.detach()

    async def mute(self) -> None:
        """Janus lets no sound of this feed through from now on, whatever the page sends. Raises JanusError."""
        if self.handle is not None:
            await videoroom.moderate(
                self.handle, self.room, room_secret(self.room), self.feed, AUDIO_MID, mute=True
            )
