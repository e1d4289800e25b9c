"""One person's view of the five slots: a subscriber whose ten m-lines stay while feeds come and go."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from backstage.media.peer import Peer
from backstage.media.sdp import fit_answer
from backstage.models import SLOTS
from janus import videoroom
from janus.errors import JanusRefused, RefusalCode
from janus.events import HandleEvent, SubscriberOffer
from janus.jsep import Jsep
from janus.session import JanusHandle, JanusSession, Plugin
from janus.videoroom import SubscribeStream, SwitchStream

log = structlog.get_logger(__name__)

#: The dummy publisher and every camera have audio as mid 0 and video as mid 1.
AUDIO_MID, VIDEO_MID = "0", "1"

#: Of the watcher's own m-lines: Janus counts them.
MIDS = [str(number) for number in range(2 * SLOTS)]


class Watcher(Peer):
    """Keeps what is shown equal to what should be shown, one negotiation at a time.

    `offered` is called with an SDP offer whenever Janus wants to renegotiate; answer it with `answer`.
    """

    def __init__(self, room: int, dummy_feed: int, offered: Callable[[str], None]) -> None:
        self.room = room
        self.dummy_feed = dummy_feed
        self.offered = offered
        self.wanted: list[int] = [dummy_feed] * SLOTS
        self.shown: list[int] = [dummy_feed] * SLOTS
        self.negotiating = True
        self._one_at_a_time = asyncio.Lock()

    async def start(
        self, session: JanusSession, feeds: Sequence[int | None], on_event: Callable[[HandleEvent], None]
    ) -> str:
        """Joins with all slots; returns Janus's SDP offer. Raises JanusError."""
        self.handle = await session.attach(Plugin.VIDEOROOM, on_event)
        self.want(feeds)
        # All slots begin as the dummy: a feed that vanishes in this moment cannot make the join fail.
        streams = [
            stream
            for slot in range(1, SLOTS + 1)
            for stream in (
                SubscribeStream(feed_id=self.dummy_feed, mid=AUDIO_MID, crossrefid=f"a{slot}"),
                SubscribeStream(feed_id=self.dummy_feed, mid=VIDEO_MID, crossrefid=f"v{slot}"),
            )
        ]
        offer = await videoroom.join_subscriber(self.handle, self.room, streams)
        return offer.sdp

    async def answer(self, sdp: str) -> None:
        """Raises JanusError, UnfitSdp."""
        if self.handle is None:
            return
        fit = fit_answer(sdp, MIDS)
        await videoroom.start(self.handle, Jsep(type="answer", sdp=fit))
        self.negotiating = False
        await self.agree()

    async def show(self, feeds: Sequence[int | None]) -> None:
        """Puts each feed into its slot (index 0 is slot 1), the dummy where there is none."""
        self.want(feeds)
        await self.agree()

    def want(self, feeds: Sequence[int | None]) -> None:
        self.wanted = self._or_dummy(feeds)

    @property
    def settled(self) -> bool:
        """Whether there is nothing left to switch, or the page has to answer first."""
        return self.negotiating or self.handle is None or self.shown == self.wanted

    def renegotiation(self, event: SubscriberOffer) -> None:
        """Janus offers by itself."""
        self.negotiating = True
        self.offered(event.jsep.sdp)

    def _or_dummy(self, feeds: Sequence[int | None]) -> list[int]:
        return [self.dummy_feed if feed is None else feed for feed in feeds]

    async def agree(self) -> None:
        async with self._one_at_a_time:
            while not self.negotiating and self.handle is not None and self.shown != self.wanted:
                wanted = list(self.wanted)
                changed = [slot for slot in range(SLOTS) if self.shown[slot] != wanted[slot]]
                try:
                    await self._switch(self.handle, changed, wanted)
                except JanusRefused as refusal:
                    if refusal.code != RefusalCode.NO_SUCH_FEED:
                        raise
                    # A feed that has just gone; the notice that says so is on its way.
                    await self._one_by_one(changed, wanted)
                    return

    async def _one_by_one(self, changed: list[int], wanted: list[int]) -> None:
        """So that one feed that has gone does not keep the others from being seen."""
        for slot in changed:
            if self.negotiating or self.handle is None:
                return
            try:
                await self._switch(self.handle, [slot], wanted)
            except JanusRefused as refusal:
                log.info("switch_refused", slot=slot + 1, code=refusal.code, reason=refusal.reason)

    async def _switch(self, handle: JanusHandle, slots: list[int], wanted: list[int]) -> None:
        offer = await videoroom.switch(handle, self._switches(slots, wanted))
        for slot in slots:
            self.shown[slot] = wanted[slot]
        if offer is not None:
            self.negotiating = True
            self.offered(offer.sdp)

    def _switches(self, slots: list[int], wanted: list[int]) -> list[SwitchStream]:
        return [
            switch
            for slot in slots
            for switch in (
                SwitchStream(feed_id=wanted[slot], mid=AUDIO_MID, sub_mid=str(2 * slot)),
                SwitchStream(feed_id=wanted[slot], mid=VIDEO_MID, sub_mid=str(2 * slot + 1)),
            )
        ]
