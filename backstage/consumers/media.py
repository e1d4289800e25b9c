"""/ws/backstage-media/TOKEN/: JSEP and ICE candidates between one page and Janus; every request is built here."""

import asyncio
from typing import Any

import msgspec
from channels.db import database_sync_to_async
from django.conf import settings

from backstage import messages, selectors, services
from backstage.consumers.preflight import PreflightConsumer
from backstage.consumers.publishing import PublishingConsumer
from backstage.consumers.refusals import beginning, failures_as_refusals, media_not_ready
from backstage.media import candidates
from backstage.media.publisher import Publisher, Sender
from backstage.media.watcher import Watcher
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import Way, command
from janus.events import Detached, HandleEvent, Hangup, SubscriberOffer, Trickled

#: Seconds between attempts to show what could not be shown at once.
SWITCH_AGAIN_AFTER_S = (0.5, 1.0, 2.0, 4.0, 8.0)


class _FeedsOf(msgspec.Struct):
    body: messages.SlotFeeds


class BackstageMediaConsumer(PublishingConsumer, PreflightConsumer):
    watcher: Watcher | None = None
    _feeds_revision = 0

    async def enter(self) -> None:
        token = self.scope["url_route"]["kwargs"]["link_token"]
        self.participant = await database_sync_to_async(services.check_inside)(
            link_token=token, actor=self.user
        )
        self.room_session = self.participant.backstage_session
        self.at_end(self.end_sending)
        await self.join(groups.media(self.room_session.id))
        await self.send_notice(
            messages.MediaConfig(
                ice_servers=settings.ICE_SERVERS,
                bitrate=settings.PUBLISHER_BITRATE,
                screen_bitrate=settings.SCREEN_BITRATE,
            )
        )

    async def recheck(self) -> None:
        await database_sync_to_async(services.check_still_inside)(participant_id=self.participant.id)
        # Feeds that were told while Redis was away.
        room = await self._room_state()
        await self._show(messages.SlotFeeds(feeds=room.feeds, revision=room.revision))

    # --- Watching ----------------------------
    @command(messages.StartWatching)
    async def start_watching(self, body: messages.StartWatching) -> messages.SdpOffer:
        await self._drop_watcher()
        room = await self._room_state()
        if room.dummy_feed is None:
            raise media_not_ready()
        watcher = Watcher(self.room_session.room, room.dummy_feed, offered=self._offered)
        session = await self.janus_session()
        self.watcher = watcher
        async with beginning("watch", give_up=self._drop_watcher):
            offer = await watcher.start(session, self._without_me(room.feeds), self.listener(watcher))
        return messages.SdpOffer(offer=offer)

    @command(messages.AnswerWatching)
    async def answer_watching(self, body: messages.AnswerWatching) -> None:
        if self.watcher is not None:
            with failures_as_refusals():
                # What changed while the page was answering is asked for now.
                room = await self._room_state()
                self.watcher.want(self._without_me(room.feeds))
                await self.watcher.answer(body.sdp)

    @command(messages.WatchCandidate)
    async def watch_candidate(self, body: messages.WatchCandidate) -> None:
        if self.watcher is not None:
            await self.quietly(self.watcher.candidate(candidates.from_page(body.candidate)))

    def _offered(self, sdp: str) -> None:
        self.later(self.send_notice(messages.WatchOffer(sdp=sdp)))

    def _without_me(self, feeds: list[int | None]) -> list[int | None]:
        """Nobody hears themselves; the own tiles show camera and screen directly."""
        own = {publisher.feed for publisher in self.publishers.values()}
        return [None if feed in own else feed for feed in feeds]

    async def _drop_watcher(self) -> None:
        watcher, self.watcher = self.watcher, None
        if watcher is not None:
            await self.quietly(watcher.stop())

    # --- What Janus and the others say ----------------------------
    def way(self, kind: str) -> Way:
        return Way.WORK

    async def catch_up(self) -> None:
        """The recheck has shown what is sent now; the page has nothing to ask for."""

    async def pass_on(self, message: dict[str, Any]) -> None:
        """Only feeds arrive here; they are for this consumer, never for the page."""
        told = msgspec.json.decode(message["frame"], type=_FeedsOf).body
        if await self._show(told):
            await self.check_places(told.feeds)

    async def _show(self, told: messages.SlotFeeds) -> bool:
        """False: something newer is shown already."""
        if told.revision < self._feeds_revision:
            return False
        self._feeds_revision = told.revision
        if self.watcher is not None:
            await self.quietly(self.watcher.show(self._without_me(told.feeds)))
            if not self.watcher.settled:
                self.later(self._keep_trying(self.watcher))
        return True

    async def _keep_trying(self, watcher: Watcher) -> None:
        """Janus was away for a moment, or a feed was just going: nobody else would ask again."""
        for pause_s in SWITCH_AGAIN_AFTER_S:
            await asyncio.sleep(pause_s)
            if watcher is not self.watcher or watcher.settled:
                return
            await self.quietly(watcher.agree())

    async def handle_event(self, source: object, event: HandleEvent) -> None:
        if isinstance(source, Publisher):
            await self.handle_publisher(source, event)
        elif isinstance(source, Sender):
            await self.handle_preflight(source, event)
        elif isinstance(source, Watcher) and source is self.watcher:
            await self._handle_watcher(source, event)

    async def _handle_watcher(self, watcher: Watcher, event: HandleEvent) -> None:
        match event:
            case Trickled(candidate=candidate):
                await self.send_notice(messages.WatchRemoteCandidate(candidate=candidates.to_page(candidate)))
            case SubscriberOffer():
                watcher.renegotiation(event)
            case Hangup() | Detached():
                await self._watcher_lost()

    async def _watcher_lost(self) -> None:
        """Its PeerConnection is over and the page did not ask for that."""
        await self._drop_watcher()
        await self.send_notice(messages.MediaLost(which="watch"))

    async def handle_lost(self) -> None:
        await self.end_preflight()
        for publisher in list(self.publishers.values()):
            await self.publisher_lost(publisher)
        if self.watcher is not None:
            await self._watcher_lost()

    async def _room_state(self) -> selectors.RoomState:
        return await database_sync_to_async(selectors.room_state)(self.room_session.id)
