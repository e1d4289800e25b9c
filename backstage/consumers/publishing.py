"""A person's own feeds, camera and screen: published, kept muted, watched over, ended."""

import asyncio
from collections.abc import Callable
from functools import partial
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings

from backstage import messages, selectors, services
from backstage.consumers.media_base import MediaConsumer
from backstage.consumers.refusals import beginning
from backstage.media import candidates
from backstage.media.media_log import media_log
from backstage.media.publisher import Publisher, new_feed
from backstage.media.stories import FeedStory
from backstage.messages import FeedKind
from backstage.models import BackstageSession, Participant, Slot
from hopin_backstage.realtime.consumer import command
from janus.events import Detached, HandleEvent, Hangup, Media, Trickled, WebrtcUp

#: Seconds between a place being given back and its feed being ended: watchers switch to the dummy first, which
#: costs them nothing; a feed that vanishes under them costs each a round of SDP.
FEED_END_GRACE_S = 0.5

#: Seconds that a mark on the tile stays at least: each change is told to everybody inside.
MARK_KEPT_S = 1.0


class PublishingConsumer(MediaConsumer):
    """Subclasses set `participant` and `room_session` on entering."""

    participant: Participant
    room_session: BackstageSession

    async def connect(self) -> None:
        self.publishers: dict[FeedKind, Publisher] = {}
        self._weak: dict[UUID, bool] = {}
        await super().connect()

    async def end_sending(self) -> None:
        """The line of this page is over."""
        publishers = list(self.publishers.values())
        for publisher in publishers:
            await self._record_end(publisher)
        if publishers:
            await asyncio.sleep(FEED_END_GRACE_S)

    def is_mine(self, source: object) -> bool:
        """Whether this is a feed that this page still sends."""
        return isinstance(source, Publisher) and self.publishers.get(source.kind) is source

    # --- Commands ----------------------------
    @command(messages.Publish)
    async def publish(self, body: messages.Publish) -> messages.SdpAnswer:
        session = await self.janus_session()
        await self._end_publisher(body.kind)
        publisher = await self._claim(body.kind)
        self.publishers[body.kind] = publisher
        # Janus may refuse with "room full": the database gave the place, so an older feed is just going. Try again.
        async with beginning("publish", give_up=partial(self._end_publisher, body.kind)):
            answer = await publisher.start(
                session,
                body.sdp,
                name=str(self.participant.id),
                bitrate=_bitrate(body.kind),
                on_event=self._publisher_listener(publisher),
            )
            # Before the page has the answer it can send nothing: not one word of a muted person gets through.
            await self._keep_muted(publisher)
        return messages.SdpAnswer(answer=answer)

    def _publisher_listener(self, publisher: Publisher) -> Callable[[HandleEvent], None]:
        """What is worth keeping is noted at once, so that its time is right; the rest waits for its turn."""
        pass_on = self.listener(publisher)
        story = FeedStory(self.room_session.id, self.participant.id, publisher.feed, publisher.kind)
        log = media_log()

        def heard(event: HandleEvent) -> None:
            log.note(story.tell(event))
            pass_on(event)

        return heard

    async def _claim(self, kind: FeedKind) -> Publisher:
        """Raises Refused. What another page of this person still sends is ended, so that it takes no place."""
        feed = new_feed()
        slot_id, old_feed = await database_sync_to_async(services.claim_place)(
            actor=self.participant, feed=feed, kind=Slot.Kind(kind)
        )
        publisher = Publisher(self.room_session.room, slot_id, feed, kind)
        if old_feed is not None:
            await self.quietly(publisher.replace(old_feed, await self.janus_session()))
        return publisher

    async def _keep_muted(self, publisher: Publisher) -> None:
        """Raises JanusError. What changes later the stagehand does."""
        if await database_sync_to_async(selectors.is_muted)(self.participant.id):
            await publisher.mute()

    @command(messages.PublishCandidate)
    async def publish_candidate(self, body: messages.PublishCandidate) -> None:
        publisher = self.publishers.get(body.kind)
        if publisher is not None:
            await self.quietly(publisher.candidate(candidates.from_page(body.candidate)))

    @command(messages.StopPublishing)
    async def stop_publishing(self, body: messages.StopPublishing) -> None:
        await self._end_publisher(body.kind)

    @command(messages.LinkQuality)
    async def link_quality(self, body: messages.LinkQuality) -> None:
        publisher = self.publishers.get(body.kind)
        if publisher is None:
            return
        is_being_told = publisher.slot_id in self._weak
        self._weak[publisher.slot_id] = body.weak
        if not is_being_told:
            self.later(self._tell_link(publisher))

    async def _tell_link(self, publisher: Publisher) -> None:
        """Until what was told is what is so; a page that changes its mind all the time is heard once a second."""
        told = None
        try:
            while told != (weak := self._weak[publisher.slot_id]):
                await database_sync_to_async(services.link_is)(
                    slot_id=publisher.slot_id, feed=publisher.feed, weak=weak
                )
                told = weak
                await asyncio.sleep(MARK_KEPT_S)
        finally:
            del self._weak[publisher.slot_id]

    # --- Ending ----------------------------
    async def _end_publisher(self, kind: FeedKind) -> None:
        publisher = self.publishers.pop(kind, None)
        if publisher is not None:
            await self._record_end(publisher)
            self.later(self._end_after_grace(publisher))

    async def _record_end(self, publisher: Publisher) -> None:
        await database_sync_to_async(services.feed_stopped)(slot_id=publisher.slot_id, feed=publisher.feed)

    async def _end_after_grace(self, publisher: Publisher) -> None:
        await asyncio.sleep(FEED_END_GRACE_S)
        await self.quietly(publisher.stop())

    async def check_places(self, feeds: list[int | None]) -> None:
        """The feeds that are on screen were told; one of mine that is not among them may have lost its place."""
        for publisher in list(self.publishers.values()):
            if publisher.up and publisher.feed not in feeds:
                await self._check_place(publisher)

    async def _check_place(self, publisher: Publisher) -> None:
        """The feeds were told without ours. They may be from just before it was recorded: the database knows."""
        place = await database_sync_to_async(selectors.place)(publisher.slot_id)
        if not self.is_mine(publisher) or (place is not None and place.feed == publisher.feed):
            return
        del self.publishers[publisher.kind]
        self.later(self._end_after_grace(publisher))
        await self._say_over(publisher, place)

    async def _say_over(self, publisher: Publisher, place: Slot | None) -> None:
        """Why this page sends no more, if it may think that it still should."""
        if place is None:
            return
        if place.claimed_by not in {None, publisher.feed}:
            await self.send_notice(messages.PublishElsewhere(kind=publisher.kind))
        else:
            await self.send_notice(messages.MediaLost(which=publisher.kind))

    # --- What Janus says of them ----------------------------
    async def handle_publisher(self, publisher: Publisher, event: HandleEvent) -> None:
        if not self.is_mine(publisher):
            return
        match event:
            case Trickled(candidate=candidate):
                await self.send_notice(
                    messages.PublishRemoteCandidate(
                        candidate=candidates.to_page(candidate), kind=publisher.kind
                    )
                )
            case WebrtcUp():
                await self._publisher_is_up(publisher)
            case Media(kind=medium, receiving=receiving) if publisher.arrives.get(medium) != receiving:
                await self._arrives(publisher, medium, receiving)
            case Hangup() | Detached():
                await self.publisher_lost(publisher)

    async def _publisher_is_up(self, publisher: Publisher) -> None:
        assert publisher.handle is not None  # noqa: S101 - it has just spoken
        # Muted while the connection was being made: the stagehand looks after feeds that are recorded.
        await self.quietly(self._keep_muted(publisher))
        kept = await database_sync_to_async(services.feed_started)(
            slot_id=publisher.slot_id,
            feed=publisher.feed,
            janus_session=publisher.handle.session.id,
            janus_handle=publisher.handle.id,
        )
        publisher.up = True
        if not kept and self.is_mine(publisher):
            await self._end_publisher(publisher.kind)

    async def _arrives(self, publisher: Publisher, medium: str, receiving: bool) -> None:
        """A browser that hangs, or its network, ends no connection for half a minute; this Janus says in seconds."""
        publisher.arrives[medium] = receiving
        await database_sync_to_async(services.media_arrive)(
            slot_id=publisher.slot_id,
            feed=publisher.feed,
            audio=publisher.arrives["audio"],
            video=publisher.arrives["video"],
        )

    async def publisher_lost(self, publisher: Publisher) -> None:
        """Its PeerConnection is over and the page did not ask for that."""
        await self._end_publisher(publisher.kind)
        await self._say_over(publisher, await database_sync_to_async(selectors.place)(publisher.slot_id))


def _bitrate(kind: FeedKind) -> int:
    return int(settings.SCREEN_BITRATE if kind == "screen" else settings.PUBLISHER_BITRATE)
