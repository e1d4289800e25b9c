"""Compares what should be with what is, and takes the missing steps: at once when told, and every second anyway."""

import asyncio
import contextlib
import secrets
from functools import singledispatchmethod
from uuid import UUID

import redis
import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from backstage import services
from backstage.media import preflight
from backstage.media.link import connection
from backstage.media.secrets import mountpoint_pin, mountpoint_secret, room_secret
from backstage.media.watcher import AUDIO_MID, VIDEO_MID
from backstage.models import SLOTS
from backstage.stagehand import desired as desired_state
from backstage.stagehand import plan as steps
from backstage.stagehand.attendance import keep_attendance
from backstage.stagehand.desired import Desired
from backstage.stagehand.heartbeat import Heartbeat
from backstage.stagehand.observer import Observer
from backstage.stagehand.room_ear import RoomEar
from backstage.stagehand.show_line import Aired, Ended, Outcome, ShowLine, WentOnAir
from backstage.stagehand.talking import TalkingRing
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import listening
from janus import streaming, videoroom
from janus.connection import JanusConnection
from janus.errors import JanusError
from janus.events import HandleEvent
from janus.session import JanusHandle, Plugin

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0
RECORD_AGAIN_S = 0.5
#: A second apart. Nearly always the first succeeds.
FORWARD_ATTEMPTS = 3
#: Plans in a row for one Backstage before the others get their turn; a show from nothing takes four.
PLANS_AT_ONCE = 8


class Stagehand:
    def __init__(self) -> None:
        self._touched = asyncio.Event()
        self._observer = Observer()
        self._lines: dict[UUID, ShowLine] = {}
        self._recorders: dict[UUID, asyncio.Task[None]] = {}
        self._handles: tuple[JanusHandle, JanusHandle] | None = None
        self._making_handles = asyncio.Lock()
        self._failures: dict[int, int] = {}
        self._ears: dict[UUID, RoomEar] = {}
        self._ring = TalkingRing()
        self._heartbeat = Heartbeat()

    async def run(self) -> None:
        """Until cancelled."""
        self._janus: JanusConnection = await connection()
        self._janus.add_link_listener(self._link_changed)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._listen())
                tasks.create_task(keep_attendance())
                tasks.create_task(self._ring.tell_forever())
                tasks.create_task(self._tend_forever())
        finally:
            for session_id in list(self._lines):
                await self._close_line(session_id)
            await self._janus.close()

    def _link_changed(self, _linked: bool) -> None:
        for ear in self._ears.values():
            ear.distrust()
        self._touched.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with listening(groups.STAGEHAND) as notices:
                    async for _notice in notices:
                        self._touched.set()
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
            await self._heartbeat.beat()

    async def tend_all(self) -> None:
        await asyncio.gather(*(self._tend(desired) for desired in await _read()))

    async def _tend(self, desired: Desired) -> None:
        try:
            for _round in range(PLANS_AT_ONCE):
                if not await self._tend_once(desired):
                    return
                desired = await _read_one(desired.session_id)
        except JanusError as error:
            log.warning("janus_failed", backstage_session=str(desired.session_id), error=repr(error))
        except Exception:
            # One Backstage must not keep the others from being tended.
            log.exception("tending_failed", backstage_session=str(desired.session_id))

    async def _tend_once(self, desired: Desired) -> bool:
        """Takes the steps of one plan; False if there were none, or if nothing more can be done just now."""
        planned = await self._plan(desired)
        failed = False
        for step in planned:
            log.info("step", backstage_session=str(desired.session_id), step=repr(step))
            try:
                await self._take(step, desired)
            except JanusError as error:
                # The steps behind it are for others: one feed that cannot be forwarded must not darken the rest.
                log.warning("step_failed", step=type(step).__name__, error=repr(error))
                failed = True
                if isinstance(step, steps.Forward):
                    await self._forward_failed(step, desired)
        # Again in a second and not at once: what fails for ever must not keep both processors busy.
        return bool(planned) and not failed

    async def _forward_failed(self, step: steps.Forward, desired: Desired) -> None:
        """Usually the feed has just gone. One that stays and cannot be forwarded is put out of the room."""
        feed = step.feed.feed
        self._failures[feed] = self._failures.get(feed, 0) + 1
        if self._failures[feed] < FORWARD_ATTEMPTS:
            return
        self._failures.pop(feed)
        log.error("feed_cannot_be_forwarded", backstage_session=str(desired.session_id), slot=step.slot)
        with contextlib.suppress(JanusError):
            await self._take(steps.Kick(feed), desired)

    async def _plan(self, desired: Desired) -> list[steps.Step]:
        line = self._lines.get(desired.session_id)
        ear = self._ears.get(desired.session_id)
        self._ring.look_at(desired.session_id, ear.voices if ear else None, desired.feeds)
        if cut := steps.plan_cut(desired, line.observed() if line else None):
            return cut
        if not self._janus.connected:
            return steps.plan_without_janus(desired, line.observed() if line else None)
        room, stage = await self._own_handles()
        return steps.plan(desired, await self._observer.look(desired, room, stage, line, ear))

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
        ear = RoomEar(desired.room, self._ring.changed)
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
        self._recorders[desired.session_id] = asyncio.create_task(_record_all(desired.session_id, outcomes))

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

    @_take.register
    async def _(self, step: steps.Accept, desired: Desired) -> None:
        self._lines[desired.session_id].accept(step.slot, step.accepting)

    @_take.register
    async def _(self, step: steps.Forward, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        wanted = videoroom.ForwardRequest(
            room=desired.room,
            secret=room_secret(desired.room),
            feed_id=step.feed.feed,
            host=settings.MEDIA_HOST,
            streams=(
                videoroom.ForwardStream(mid=AUDIO_MID, port=step.audio_port, ssrc=_new_ssrc()),
                videoroom.ForwardStream(mid=VIDEO_MID, port=step.video_port, ssrc=_new_ssrc()),
            ),
        )
        await videoroom.forward(room, wanted)
        self._failures.pop(step.feed.feed, None)
        # Without this, viewers get pictures that cannot be decoded until the next regular keyframe.
        await self._janus.request_keyframe(step.feed.janus_session, step.feed.janus_handle)

    @_take.register
    async def _(self, step: steps.ForwardSound, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        wanted = videoroom.ForwardRequest(
            room=desired.room,
            secret=room_secret(desired.room),
            feed_id=step.feed.feed,
            host=settings.MEDIA_HOST,
            streams=(videoroom.ForwardStream(mid=AUDIO_MID, port=step.audio_port, ssrc=_new_ssrc()),),
        )
        await videoroom.forward(room, wanted)

    @_take.register
    async def _(self, step: steps.StopForward, desired: Desired) -> None:
        room, _stage = await self._own_handles()
        await videoroom.stop_forward(room, desired.room, room_secret(desired.room), step.feed, step.stream_id)

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
    async def _(self, step: steps.Finish, desired: Desired) -> None:
        self._lines[desired.session_id].finish(step.broadcast_id, last=step.last)

    @_take.register
    async def _(self, step: steps.CutLine, desired: Desired) -> None:
        self._lines[desired.session_id].cut(step.broadcast_ids)

    @_take.register
    async def _(self, step: steps.AirNow, desired: Desired) -> None:
        await database_sync_to_async(services.layout_aired)(session_id=desired.session_id, layout=step.layout)

    @_take.register
    async def _(self, step: steps.EndBroadcast, desired: Desired) -> None:
        await database_sync_to_async(services.broadcast_ended)(
            broadcast_id=step.broadcast_id, at=timezone.now()
        )


async def _record_all(session_id: UUID, outcomes: asyncio.Queue[Outcome]) -> None:
    """In their order, each until it is written: a lost one would be a show that never ends."""
    while True:
        outcome = await outcomes.get()
        while True:
            try:
                await _record(session_id, outcome)
                break
            except ObjectDoesNotExist:
                log.warning("outcome_of_nothing", backstage_session=str(session_id))
                break
            except Exception:
                # The database is away or busy; viewers' pictures go on meanwhile.
                log.exception("outcome_not_recorded", outcome=type(outcome).__name__)
                await asyncio.sleep(RECORD_AGAIN_S)


@database_sync_to_async
def _record(session_id: UUID, outcome: Outcome) -> None:
    match outcome:
        case Aired(layout):
            services.layout_aired(session_id=session_id, layout=layout)
        case WentOnAir(broadcast_id, at):
            services.went_on_air(broadcast_id=broadcast_id, at=at)
        case Ended(broadcast_id, at):
            services.broadcast_ended(broadcast_id=broadcast_id, at=at)


_read = database_sync_to_async(desired_state.read)
_read_one = database_sync_to_async(desired_state.read_one)


def _new_ssrc() -> int:
    """A new one for each forward: an old one makes viewers count everything between as lost."""
    return secrets.randbelow(2**32 - 1) + 1


def _ignore(event: HandleEvent) -> None:
    """Our own handles have no PeerConnection, and what matters in a room is looked at, not listened to."""
