"""What Janus forwards into a delay line: begins it and ends it, and puts out a feed that cannot be forwarded."""

import contextlib
import secrets

import structlog
from django.conf import settings

from backstage.media.media_log import MediaLog
from backstage.media.secrets import room_secret
from backstage.media.watcher import AUDIO_MID, VIDEO_MID
from backstage.stagehand import steps
from backstage.stagehand.desired import Desired, DesiredFeed
from backstage.stagehand.ears import Ears
from backstage.stagehand.own_handles import OwnHandles
from backstage.stagehand.refusals import Refusals
from janus import videoroom
from janus.connection import JanusConnection
from janus.errors import JanusError, JanusRefused, NothingForwarded

log = structlog.get_logger(__name__)


class Forwards:
    """All of these raise JanusError. The room's story tells what is sent on to the Stage."""

    def __init__(
        self,
        janus: JanusConnection,
        handles: OwnHandles,
        ears: Ears,
        refusals: Refusals,
        media_log: MediaLog,
    ) -> None:
        self._janus = janus
        self._handles = handles
        self._ears = ears
        self._refusals = refusals
        self._log = media_log

    async def begin(self, step: steps.Forward, desired: Desired) -> None:
        feed = step.feed
        try:
            await self._forward(
                desired,
                feed,
                _new_stream(AUDIO_MID, step.audio_port),
                _new_stream(VIDEO_MID, step.video_port),
            )
        except (JanusRefused, NothingForwarded):
            await self._forward_refused(step, desired)
            raise
        self._refusals.forget(desired.session_id, feed.feed)
        self._log.note(*self._ears.story(desired.session_id).forwarded(feed.feed, step.slot))
        # Without this, viewers get pictures that cannot be decoded until the next regular keyframe.
        await self._janus.request_keyframe(feed.janus_session, feed.janus_handle)

    async def begin_sound(self, step: steps.ForwardSound, desired: Desired) -> None:
        await self._forward(desired, step.feed, _new_stream(AUDIO_MID, step.audio_port))

    async def stop(self, step: steps.StopForward, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        await videoroom.stop_forward(room, desired.room, room_secret(desired.room), step.feed, step.stream_id)
        self._log.note(*self._ears.story(desired.session_id).forward_ended(step.feed))

    async def _forward(self, desired: Desired, feed: DesiredFeed, *streams: videoroom.ForwardStream) -> None:
        room, _stage = await self._handles.get()
        wanted = videoroom.ForwardRequest(
            room=desired.room,
            secret=room_secret(desired.room),
            feed_id=feed.feed,
            host=settings.MEDIA_HOST,
            streams=streams,
        )
        await videoroom.forward(room, wanted)

    async def _forward_refused(self, step: steps.Forward, desired: Desired) -> None:
        """Usually the feed has just gone. One that stays and cannot be forwarded is put out of the room."""
        if not self._refusals.note(desired.session_id, step.feed.feed):
            return
        log.error("feed_cannot_be_forwarded", backstage_session=str(desired.session_id), slot=step.slot)
        with contextlib.suppress(JanusError):
            room, _stage = await self._handles.get()
            await videoroom.kick(room, desired.room, room_secret(desired.room), step.feed.feed)


def _new_stream(mid: str, port: int) -> videoroom.ForwardStream:
    """With a new SSRC for each forward: an old one makes viewers count everything between as lost."""
    return videoroom.ForwardStream(mid=mid, port=port, ssrc=secrets.randbelow(2**32 - 1) + 1)
