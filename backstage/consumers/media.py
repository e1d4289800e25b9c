"""/ws/backstage-media/TOKEN/: JSEP and ICE candidates between one page and Janus; every request is built here."""

import asyncio
from typing import Any

import msgspec
import structlog
from channels.db import database_sync_to_async
from django.conf import settings

from backstage import messages, selectors, services
from backstage.consumers.media_base import MediaConsumer, media_not_ready, unfit
from backstage.media import candidates
from backstage.media.publisher import Publisher, new_feed
from backstage.media.sdp import UnfitSdp
from backstage.media.watcher import Watcher
from backstage.models import BackstageSession, Participant, Slot
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import command
from janus.errors import JanusError
from janus.events import Detached, HandleEvent, Hangup, SubscriberOffer, Trickled, WebrtcUp

log = structlog.get_logger(__name__)

#: Seconds between a place being given back and its feed being ended: watchers switch to the dummy first, which
#: costs them nothing; a feed that vanishes under them costs each a round of SDP.
FEED_END_GRACE_S = 0.5

#: Seconds between attempts to show what could not be shown at once.
SWITCH_AGAIN_AFTER_S = (0.5, 1.0, 2.0, 4.0, 8.0)


class _FeedsOf(msgspec.Struct):
    body: messages.SlotFeeds


class BackstageMediaConsumer(MediaConsumer):
    watcher: Watcher | None = None
    publisher: Publisher | None = None
    _feeds_revision = 0

    async def enter(self) -> None:
        token = self.scope["url_route"]["kwargs"]["link_token"]
        self.participant, self.room_session = await self._find_participant(token)
        self.at_end(self._end_sending)
        await self.join(groups.media(self.room_session.id))
        await self.send_notice(
            messages.MediaConfig(ice_servers=settings.ICE_SERVERS, bitrate=settings.PUBLISHER_BITRATE)
        )

    @database_sync_to_async
    def _find_participant(self, token: str) -> tuple[Participant, BackstageSession]:
        session = services.check_entry(session=selectors.by_link(token), actor=self.user)
        participant = selectors.participant_inside(session, self.user)
        if participant is None:
            raise services.not_inside()
        return participant, session

    async def recheck(self) -> None:
        await database_sync_to_async(services.check_still_inside)(participant_id=self.participant.id)
        # Feeds that were told while Redis was away.
        if self.watcher is not None:
            await self.quietly(self.watcher.show(self._without_me((await self._room_state()).feeds)))

    async def _end_sending(self) -> None:
        if self.publisher is not None:
            await self._record_end(self.publisher)
            await asyncio.sleep(FEED_END_GRACE_S)

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
        try:
            offer = await watcher.start(session, self._without_me(room.feeds), self.listener(watcher))
        except JanusError as error:
            log.info("watch_refused", error=str(error))
            await self._drop_watcher()
            raise media_not_ready() from error
        return messages.SdpOffer(offer=offer)

    @command(messages.AnswerWatching)
    async def answer_watching(self, body: messages.AnswerWatching) -> None:
        if self.watcher is not None:
            try:
                # What changed while the page was answering is asked for now.
                room = await self._room_state()
                self.watcher.want(self._without_me(room.feeds))
                await self.watcher.answer(body.sdp)
            except UnfitSdp as error:
                raise unfit() from error
            except JanusError as error:
                raise media_not_ready() from error

    @command(messages.WatchCandidate)
    async def watch_candidate(self, body: messages.WatchCandidate) -> None:
        if self.watcher is not None:
            await self.quietly(self.watcher.candidate(candidates.from_page(body.candidate)))

    def _offered(self, sdp: str) -> None:
        self.later(self.send_notice(messages.WatchOffer(sdp=sdp)))

    def _without_me(self, feeds: list[int | None]) -> list[int | None]:
        """Nobody hears themselves; the own tile shows the camera directly."""
        own = self.publisher.feed if self.publisher else None
        return [None if feed == own else feed for feed in feeds]

    async def _drop_watcher(self) -> None:
        watcher, self.watcher = self.watcher, None
        if watcher is not None:
            await self.quietly(watcher.stop())

    # --- Publishing ----------------------------
    @command(messages.Publish)
    async def publish(self, body: messages.Publish) -> messages.SdpAnswer:
        session = await self.janus_session()
        await self._end_publisher()
        publisher = await self._claim()
        self.publisher = publisher
        try:
            answer = await publisher.start(
                session,
                body.sdp,
                name=str(self.participant.id),
                bitrate=settings.PUBLISHER_BITRATE,
                on_event=self.listener(publisher),
            )
        except UnfitSdp as error:
            await self._end_publisher()
            raise unfit() from error
        except JanusError as error:
            # Among them "room full": the database gave the place, so an older feed is just going. Try again.
            log.info("publish_refused", error=str(error))
            await self._end_publisher()
            raise media_not_ready() from error
        return messages.SdpAnswer(answer=answer)

    async def _claim(self) -> Publisher:
        """Raises Refused. What another page of this person still sends is ended, so that it takes no place."""
        feed = new_feed()
        slot_id, old_feed = await database_sync_to_async(services.claim_place)(
            actor=self.participant, feed=feed
        )
        publisher = Publisher(self.room_session.room, slot_id, feed)
        if old_feed is not None:
            await self.quietly(publisher.replace(old_feed, await self.janus_session()))
        return publisher

    @command(messages.PublishCandidate)
    async def publish_candidate(self, body: messages.PublishCandidate) -> None:
        if self.publisher is not None:
            await self.quietly(self.publisher.candidate(candidates.from_page(body.candidate)))

    @command(messages.StopPublishing)
    async def stop_publishing(self, body: messages.StopPublishing) -> None:
        await self._end_publisher()

    async def _end_publisher(self) -> None:
        publisher, self.publisher = self.publisher, None
        if publisher is not None:
            await self._record_end(publisher)
            self.later(self._end_after_grace(publisher))

    async def _record_end(self, publisher: Publisher) -> None:
        await database_sync_to_async(services.feed_stopped)(slot_id=publisher.slot_id, feed=publisher.feed)

    # --- What Janus and the others say ----------------------------
    async def pass_on(self, message: dict[str, Any]) -> None:
        """Only feeds arrive here; they are for this consumer, never for the page."""
        told = msgspec.json.decode(message["frame"], type=_FeedsOf).body
        if told.revision < self._feeds_revision:
            return
        self._feeds_revision = told.revision
        if self.watcher is not None:
            await self.quietly(self.watcher.show(self._without_me(told.feeds)))
            if not self.watcher.settled:
                self.later(self._keep_trying(self.watcher))
        if self.publisher is not None and self.publisher.up and self.publisher.feed not in told.feeds:
            await self._check_place(self.publisher)

    async def _keep_trying(self, watcher: Watcher) -> None:
        """Janus was away for a moment, or a feed was just going: nobody else would ask again."""
        for pause_s in SWITCH_AGAIN_AFTER_S:
            await asyncio.sleep(pause_s)
            if watcher is not self.watcher or watcher.settled:
                return
            await self.quietly(watcher.agree())

    async def _check_place(self, publisher: Publisher) -> None:
        """The feeds were told without ours. They may be from just before it was recorded: the database knows."""
        place = await database_sync_to_async(selectors.place)(publisher.slot_id)
        if publisher is not self.publisher or (place is not None and place.feed == publisher.feed):
            return
        self.publisher = None
        self.later(self._end_after_grace(publisher))
        await self._say_over(publisher, place)

    async def _say_over(self, publisher: Publisher, place: Slot | None) -> None:
        """Why this page sends no more, if it may think that it still should."""
        if place is None:
            return
        if place.claimed_by != publisher.feed:
            await self.send_notice(messages.PublishElsewhere())
        else:
            await self.send_notice(messages.MediaLost(which="publish"))

    async def _end_after_grace(self, publisher: Publisher) -> None:
        await asyncio.sleep(FEED_END_GRACE_S)
        await self.quietly(publisher.stop())

    async def handle_event(self, source: object, event: HandleEvent) -> None:
        match event:
            case Trickled(candidate=candidate):
                await self._candidate_to_page(source, candidates.to_page(candidate))
            case SubscriberOffer() if isinstance(source, Watcher) and source is self.watcher:
                source.renegotiation(event)
            case WebrtcUp() if isinstance(source, Publisher) and source is self.publisher:
                await self._publisher_is_up(source)
            case Hangup() | Detached():
                await self._ended(source)

    async def _candidate_to_page(self, source: object, candidate: messages.Candidate) -> None:
        if source is self.publisher:
            await self.send_notice(messages.PublishRemoteCandidate(candidate=candidate))
        elif source is self.watcher:
            await self.send_notice(messages.WatchRemoteCandidate(candidate=candidate))

    async def _publisher_is_up(self, publisher: Publisher) -> None:
        assert publisher.handle is not None  # noqa: S101 - it has just spoken
        kept = await database_sync_to_async(services.feed_started)(
            slot_id=publisher.slot_id,
            feed=publisher.feed,
            janus_session=publisher.handle.session.id,
            janus_handle=publisher.handle.id,
        )
        publisher.up = True
        if not kept and publisher is self.publisher:
            await self._end_publisher()

    async def _ended(self, source: object) -> None:
        """A PeerConnection is over and the page did not ask for that."""
        if isinstance(source, Publisher) and source is self.publisher:
            await self._end_publisher()
            await self._say_over(source, await database_sync_to_async(selectors.place)(source.slot_id))
        elif source is self.watcher:
            await self._drop_watcher()
            await self.send_notice(messages.MediaLost(which="watch"))

    async def handle_lost(self) -> None:
        for source in (self.publisher, self.watcher):
            if source is not None:
                await self._ended(source)

    async def _room_state(self) -> selectors.RoomState:
        return await database_sync_to_async(selectors.room_state)(self.room_session.id)
