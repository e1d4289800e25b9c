"""Compares what should be with what is, and takes the missing steps: at once when told, and every second anyway."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from functools import singledispatchmethod
from uuid import UUID

import redis
import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from backstage import services
from backstage.media import preflight
from backstage.media.link import connection
from backstage.media.media_log import MediaLog
from backstage.media.secrets import mountpoint_pin, mountpoint_secret, room_secret
from backstage.media.stories import RoomStory
from backstage.media.watcher import AUDIO_MID, VIDEO_MID
from backstage.models import SLOTS, MediaEvent
from backstage.services.media_log import Heard
from backstage.stagehand import desired as desired_state
from backstage.stagehand import steps
from backstage.stagehand.attendance import keep_attendance
from backstage.stagehand.desired import Desired, DesiredFeed
from backstage.stagehand.forgetting import forget_forever
from backstage.stagehand.heartbeat import Heartbeat
from backstage.stagehand.line_keeper import LineKeeper
from backstage.stagehand.observed import Observed, ObservedLine
from backstage.stagehand.observer import Observer
from backstage.stagehand.plan import plan, plan_alone, plan_without_janus
from backstage.stagehand.recorder import record_forever
from backstage.stagehand.refusals import Refusals
from backstage.stagehand.room_ear import RoomEar
from backstage.stagehand.show_line import Outcome, ShowLine
from backstage.stagehand.sights import Sights
from backstage.stagehand.talking import TalkingRing
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import listening
from janus import streaming, videoroom
from janus.connection import JanusConnection
from janus.errors import JanusError, JanusRefused, JanusTimeout, NothingForwarded, RefusalCode
from janus.events import HandleEvent
from janus.session import JanusHandle, Plugin

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
#: Plans in a row for one Backstage before the others get their turn; a show from nothing takes four.
PLANS_AT_ONCE = 8
#: Steps of one plan that Janus may leave without an answer. One may be the fault of a feed, two are not.
TIMEOUTS_AT_ONCE = 2


class Stagehand:
    def __init__(self) -> None:
        self._touched = asyncio.Event()
        self._observer = Observer()
        self._lines: dict[UUID, ShowLine] = {}
        self._keeper = LineKeeper(self._lines)
        self._recorders: dict[UUID, asyncio.Task[None]] = {}
        self._handles: tuple[JanusHandle, JanusHandle] | None = None
        self._making_handles = asyncio.Lock()
        self._refusals = Refusals()
        self._unseen: set[UUID] = set()
        self._ears: dict[UUID, RoomEar] = {}
        self._stories: dict[UUID, RoomStory] = {}
        self._log = MediaLog()
        self._ring = TalkingRing()
        self._sights = Sights()
        self._left_behind: set[int] = set()
        self._heartbeat = Heartbeat(self._sights.told)

    async def run(self) -> None:
        """Until cancelled."""
        self._janus: JanusConnection = await connection()
        self._janus.add_link_listener(self._link_changed)
        self._sights.link_changed(self._janus.connected)
        works = (
            self._listen,
            self._tend_forever,
            self._keeper.keep_forever,
            keep_attendance,
            self._ring.tell_forever,
            self._log.write_forever,
            forget_forever,
            self._heartbeat.beat_forever,
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in works:
                    tasks.create_task(_go_on_with(work))
        finally:
            self._keeper.close()
            self._log.close()
            for session_id in list(self._lines):
                await self._close_line(session_id)
            await self._janus.close()

    def _link_changed(self, linked: bool) -> None:
        self._sights.link_changed(linked)
        for ear in self._ears.values():
            ear.distrust()
        self._touched.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with listening(groups.STAGEHAND) as notices:
                    async for _notice in notices:
                        self._touched.set()
                        self._keeper.look()
            except (redis.RedisError, OSError) as error:
                # Redis is away; until it is back the look every second does.
                log.warning("notices_lost", error=str(error))
                await asyncio.sleep(LOOK_EVERY_S)

    async def _tend_forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._touched.wait()
            self._touched.clear()
            try:
                await self.tend_all()
            except Exception:
                # The database or Redis may be away for a moment; a show in the line goes on meanwhile.
                log.exception("tending_failed")

    async def tend_all(self) -> None:
        overtaken = {session_id: line.overtaken for session_id, line in self._lines.items()}
        everything = await _read()
        tended = {desired.session_id for desired in everything}
        self._left_behind |= self._sights.rooms_of_others(tended)
        self._left_behind -= {desired.room for desired in everything}
        await self._forget_all_but(tended)
        await self._clear_away()
        await asyncio.gather(
            *(self._tend(desired, overtaken.get(desired.session_id, 0)) for desired in everything)
        )

    async def _forget_all_but(self, session_ids: set[UUID]) -> None:
        """Of others nothing is on air, and Janus has nothing; or somebody has deleted them."""
        self._ring.forget_all_but(session_ids)
        self._observer.forget_all_but(session_ids)
        self._refusals.forget_all_but(session_ids)
        self._sights.forget_all_but(session_ids)
        self._unseen &= session_ids
        for session_id in self._stories.keys() - session_ids:
            del self._stories[session_id]
        for session_id in self._ears.keys() - session_ids:
            await self._stop_listening(session_id)
        for session_id in self._lines.keys() - session_ids:
            await self._close_line(session_id)

    async def _clear_away(self) -> None:
        """Rooms and mountpoints of Backstages that were deleted: no row says any more that they should not be."""
        for number in list(self._left_behind):
            if not self._janus.connected:
                return
            try:
                await self._take_down(number)
            except JanusError as error:
                log.warning("room_left_behind", room=number, error=repr(error))
                if not isinstance(error, JanusRefused):
                    # It did not answer: again with the next look.
                    continue
            self._left_behind.discard(number)

    async def _take_down(self, number: int) -> None:
        room, stage = await self._own_handles()
        await preflight.destroy_room(room, number)
        await _unless_gone(videoroom.destroy_room(room, number, room_secret(number)))
        await _unless_gone(streaming.destroy_mountpoint(stage, number, mountpoint_secret(number)))

    async def _tend(self, desired: Desired, overtaken: int) -> None:
        """`overtaken`: the line's, before `desired` was read."""
        session_id = desired.session_id
        try:
            for _round in range(PLANS_AT_ONCE):
                if not await self._tend_once(desired, overtaken):
                    return
                overtaken = self._overtaken(session_id)
                desired = await _read_one(session_id)
        except JanusError as error:
            log.warning("janus_failed", backstage_session=str(session_id), error=repr(error))
        except Exception:
            # One Backstage must not keep the others from being tended.
            log.exception("tending_failed", backstage_session=str(session_id))

    def _overtaken(self, session_id: UUID) -> int:
        line = self._lines.get(session_id)
        return line.overtaken if line else 0

    async def _tend_once(self, desired: Desired, overtaken: int) -> bool:
        """Takes the steps of one plan; False if there were none, or if nothing more can be done just now."""
        planned = await self._plan(desired)
        timeouts, failed = 0, False
        for step in planned:
            if self._overtaken(desired.session_id) != overtaken:
                # Its line was cut or shut meanwhile: what was planned would put back into it what must not be.
                return True
            log.info("step", backstage_session=str(desired.session_id), step=repr(step))
            try:
                await self._take(step, desired)
            except JanusError as error:
                # The steps behind it are for others: one feed that cannot be forwarded must not darken the rest.
                log.warning("step_failed", step=type(step).__name__, error=repr(error))
                failed = True
                timeouts += isinstance(error, JanusTimeout)
                if timeouts >= TIMEOUTS_AT_ONCE:
                    break
        # Again in a second and not at once: what fails for ever must not keep both processors busy.
        return bool(planned) and not failed

    async def _plan(self, desired: Desired) -> list[steps.Step]:
        ear = self._ears.get(desired.session_id)
        self._ring.look_at(desired.session_id, ear.voices if ear else None, desired.feeds)
        if alone := plan_alone(desired, self._observed_line(desired)):
            return alone
        observed = await self._look(desired)
        if observed is None:
            return plan_without_janus(desired, self._observed_line(desired))
        self._refusals.keep(desired.session_id, observed.publishers)
        return plan(desired, observed)

    def _observed_line(self, desired: Desired) -> ObservedLine | None:
        line = self._lines.get(desired.session_id)
        return line.observed() if line else None

    async def _look(self, desired: Desired) -> Observed | None:
        """None if Janus is away, or does not answer: what needs it not is done all the same."""
        if not self._janus.connected:
            return None
        session_id = desired.session_id
        try:
            room, stage = await self._own_handles()
            observed = await self._observer.look(
                desired, room, stage, self._lines.get(session_id), self._ears.get(session_id)
            )
        except JanusError as error:
            if session_id not in self._unseen:
                log.warning("janus_unseen", backstage_session=str(session_id), error=repr(error))
                self._note(session_id, MediaEvent.Kind.SERVER_AWAY)
            self._unseen.add(session_id)
            return None
        self._sights.saw(session_id, desired.room, observed)
        if session_id in self._unseen:
            log.info("janus_seen_again", backstage_session=str(session_id))
            self._note(session_id, MediaEvent.Kind.SERVER_BACK)
            self._unseen.discard(session_id)
        return observed

    def _note(self, session_id: UUID, kind: MediaEvent.Kind) -> None:
        self._log.note(Heard(session_id, kind, timezone.now()))

    def _story(self, session_id: UUID) -> RoomStory:
        """Outlives an ear: what is forwarded goes on while nobody listens."""
        return self._stories.setdefault(session_id, RoomStory(session_id))

    async def _own_handles(self) -> tuple[JanusHandle, JanusHandle]:
        async with self._making_handles:
            if self._handles is None or self._handles[0].session.lost:
                session = await self._janus.create_session()
                try:
                    self._handles = (
                        await session.attach(Plugin.VIDEOROOM, _ignore),
                        await session.attach(Plugin.STREAMING, _ignore),
                    )
                except JanusError:
                    await session.destroy()
                    raise
            return self._handles

    # --- Steps ----------------------------
    @singledispatchmethod
    async def _take(self, step: steps.Step, desired: Desired) -> None:
        raise TypeError(f"no way to take {step!r}")

    @_take.register
    async def _(self, step: steps.CreateRoom, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        config = videoroom.RoomConfig(
            room=desired.room,
            secret=room_secret(desired.room),
            publishers=SLOTS,
            bitrate=max(settings.PUBLISHER_BITRATE, settings.SCREEN_BITRATE),
            # A keyframe each second: whoever opens the Stage in mid-show sees it move within one.
            fir_freq=1,
        )
        await videoroom.create_room(room, config)

    @_take.register
    async def _(self, step: steps.RecordRoom, desired: Desired) -> None:
        await database_sync_to_async(services.room_is_ready)(
            session_id=desired.session_id, dummy_feed=step.dummy_feed
        )
        gone = step.dummy_feed is None
        self._note(desired.session_id, MediaEvent.Kind.ROOM_GONE if gone else MediaEvent.Kind.ROOM_MADE)

    @_take.register
    async def _(self, step: steps.DestroyRoom, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await self._stop_listening(desired.session_id)
        self._ring.forget(desired.session_id)
        await preflight.destroy_room(room, desired.room)
        await videoroom.destroy_room(room, desired.room, room_secret(desired.room))

    @_take.register
    async def _(self, step: steps.Listen, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await self._stop_listening(desired.session_id)
        story = self._story(desired.session_id)
        ear = RoomEar(desired.room, self._ring.changed, self._log, story)
        await ear.listen(room.session)
        self._ears[desired.session_id] = ear

    async def _stop_listening(self, session_id: UUID) -> None:
        ear = self._ears.pop(session_id, None)
        if ear is not None:
            with contextlib.suppress(JanusError):
                await ear.end()

    @_take.register
    async def _(self, step: steps.Moderate, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await videoroom.moderate(
            room, desired.room, room_secret(desired.room), step.feed, AUDIO_MID, step.muted
        )

    @_take.register
    async def _(self, step: steps.CreateMountpoint, desired: Desired) -> None:
        _room, stage = await self._own_handles()
        config = streaming.MountpointConfig(
            mountpoint=desired.room,
            secret=mountpoint_secret(desired.room),
            pin=mountpoint_pin(desired.room),
            name=str(desired.session_id),
            slots=SLOTS,
            host_iface=settings.JANUS_MEDIA_HOST,
        )
        await streaming.create_mountpoint(stage, config)

    @_take.register
    async def _(self, step: steps.RecordMountpoint, desired: Desired) -> None:
        await database_sync_to_async(services.mountpoint_is_ready)(
            session_id=desired.session_id, ready=step.ready
        )
        made, gone = MediaEvent.Kind.MOUNTPOINT_MADE, MediaEvent.Kind.MOUNTPOINT_GONE
        self._note(desired.session_id, made if step.ready else gone)

    @_take.register
    async def _(self, step: steps.DestroyMountpoint, desired: Desired) -> None:
        _room, stage = await self._own_handles()
        await streaming.destroy_mountpoint(stage, desired.room, mountpoint_secret(desired.room))

    @_take.register
    async def _(self, step: steps.RecordFeedGone, desired: Desired) -> None:
        await database_sync_to_async(services.feed_stopped)(slot_id=step.slot_id, feed=step.feed)

    @_take.register
    async def _(self, step: steps.Kick, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await videoroom.kick(room, desired.room, room_secret(desired.room), step.feed)

    @_take.register
    async def _(self, step: steps.OpenLine, desired: Desired) -> None:
        outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        line = ShowLine(step.delay_s, settings.MEDIA_HOST, outcomes.put_nowait)
        await line.open()
        self._lines[desired.session_id] = line
        self._recorders[desired.session_id] = asyncio.create_task(
            record_forever(desired.session_id, desired.stage_id, outcomes)
        )

    @_take.register
    async def _(self, step: steps.CloseLine, desired: Desired) -> None:
        await self._close_line(desired.session_id)

    async def _close_line(self, session_id: UUID) -> None:
        await self._lines.pop(session_id).close()
        self._recorders.pop(session_id).cancel()

    @_take.register
    async def _(self, step: steps.ConnectLine, desired: Desired) -> None:
        outputs = dict(step.outputs) if step.outputs else None
        self._lines[desired.session_id].connect(outputs, settings.JANUS_MEDIA_HOST)

    @_take.register(steps.Accept)
    @_take.register(steps.Finish)
    @_take.register(steps.CutLine)
    async def _(self, step: steps.LineStep, desired: Desired) -> None:
        self._lines[desired.session_id].take(step)

    @_take.register
    async def _(self, step: steps.Forward, desired: Desired) -> None:
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
        self._log.note(*self._story(desired.session_id).forwarded(feed.feed, step.slot))
        # Without this, viewers get pictures that cannot be decoded until the next regular keyframe.
        await self._janus.request_keyframe(feed.janus_session, feed.janus_handle)

    @_take.register
    async def _(self, step: steps.ForwardSound, desired: Desired) -> None:
        await self._forward(desired, step.feed, _new_stream(AUDIO_MID, step.audio_port))

    async def _forward(self, desired: Desired, feed: DesiredFeed, *streams: videoroom.ForwardStream) -> None:
        room, _stage = await self._own_handles()
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
            await self._take(steps.Kick(step.feed.feed), desired)

    @_take.register
    async def _(self, step: steps.StopForward, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await videoroom.stop_forward(room, desired.room, room_secret(desired.room), step.feed, step.stream_id)
        self._log.note(*self._story(desired.session_id).forward_ended(step.feed))

    @_take.register
    async def _(self, step: steps.Begin, desired: Desired) -> None:
        # The row first: if it fails, nothing is in the line yet and the step comes again.
        await database_sync_to_async(services.capture_began)(
            broadcast_id=step.broadcast_id, at=timezone.now()
        )
        self._lines[desired.session_id].begin(step.broadcast_id)

    @_take.register
    async def _(self, step: steps.PutLayout, desired: Desired) -> None:
        self._lines[desired.session_id].put_layout(step.layout)

    @_take.register
    async def _(self, step: steps.AirNow, desired: Desired) -> None:
        await database_sync_to_async(services.layout_aired)(session_id=desired.session_id, layout=step.layout)

    @_take.register
    async def _(self, step: steps.EndBroadcast, desired: Desired) -> None:
        await database_sync_to_async(services.broadcast_ended)(
            broadcast_id=step.broadcast_id, at=timezone.now()
        )


async def _unless_gone(destroying: Awaitable[None]) -> None:
    try:
        await destroying
    except JanusRefused as refusal:
        if refusal.code not in (RefusalCode.NO_SUCH_ROOM, RefusalCode.NO_SUCH_MOUNTPOINT):
            raise


async def _go_on_with(work: Callable[[], Awaitable[None]]) -> None:
    """A fault in one work must end neither it nor the others: shows depend on all of them."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("work_failed", work=work.__qualname__)
        await asyncio.sleep(LOOK_EVERY_S)


_read = database_sync_to_async(desired_state.read)
_read_one = database_sync_to_async(desired_state.read_one)


def _new_stream(mid: str, port: int) -> videoroom.ForwardStream:
    """With a new SSRC for each forward: an old one makes viewers count everything between as lost."""
    return videoroom.ForwardStream(mid=mid, port=port, ssrc=secrets.randbelow(2**32 - 1) + 1)


def _ignore(event: HandleEvent) -> None:
    """These handles have no PeerConnection and join no room; what happens in one, an ear hears."""
