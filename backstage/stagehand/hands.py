"""Takes one step: tells Janus, the delay line or the database. No step looks whether it is to be taken."""

from functools import singledispatchmethod

from channels.db import database_sync_to_async
from django.conf import settings
from django.utils import timezone

from backstage import services
from backstage.media import preflight
from backstage.media.media_log import MediaLog
from backstage.media.secrets import mountpoint_pin, mountpoint_secret, room_secret
from backstage.media.watcher import AUDIO_MID
from backstage.models import SLOTS, MediaEvent
from backstage.stagehand import steps
from backstage.stagehand.desired import Desired
from backstage.stagehand.ears import Ears
from backstage.stagehand.forwards import Forwards
from backstage.stagehand.open_lines import OpenLines
from backstage.stagehand.own_handles import OwnHandles
from janus import streaming, videoroom


class Hands:
    def __init__(
        self, handles: OwnHandles, lines: OpenLines, ears: Ears, forwards: Forwards, log: MediaLog
    ) -> None:
        self._handles = handles
        self._lines = lines
        self._ears = ears
        self._forwards = forwards
        self._log = log

    @singledispatchmethod
    async def take(self, step: steps.Step, desired: Desired) -> None:
        raise TypeError(f"no way to take {step!r}")

    @take.register
    async def _(self, step: steps.CreateRoom, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        config = videoroom.RoomConfig(
            room=desired.room,
            secret=room_secret(desired.room),
            publishers=SLOTS,
            bitrate=max(settings.PUBLISHER_BITRATE, settings.SCREEN_BITRATE),
            # A keyframe each second: whoever opens the Stage in mid-show sees it move within one.
            fir_freq=1,
        )
        await videoroom.create_room(room, config)

    @take.register
    async def _(self, step: steps.RecordRoom, desired: Desired) -> None:
        await database_sync_to_async(services.room_is_ready)(
            session_id=desired.session_id, dummy_feed=step.dummy_feed
        )
        gone = step.dummy_feed is None
        self._log.note_now(
            desired.session_id, MediaEvent.Kind.ROOM_GONE if gone else MediaEvent.Kind.ROOM_MADE
        )

    @take.register
    async def _(self, step: steps.DestroyRoom, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        await self._ears.leave(desired.session_id)
        await preflight.destroy_room(room, desired.room)
        await videoroom.destroy_room(room, desired.room, room_secret(desired.room))

    @take.register
    async def _(self, step: steps.Listen, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        await self._ears.listen(desired, room.session)

    @take.register
    async def _(self, step: steps.Moderate, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        await videoroom.moderate(
            room, desired.room, room_secret(desired.room), step.feed, AUDIO_MID, step.muted
        )

    @take.register
    async def _(self, step: steps.CreateMountpoint, desired: Desired) -> None:
        _room, stage = await self._handles.get()
        config = streaming.MountpointConfig(
            mountpoint=desired.room,
            secret=mountpoint_secret(desired.room),
            pin=mountpoint_pin(desired.room),
            name=str(desired.session_id),
            slots=SLOTS,
            host_iface=settings.JANUS_MEDIA_HOST,
        )
        await streaming.create_mountpoint(stage, config)

    @take.register
    async def _(self, step: steps.RecordMountpoint, desired: Desired) -> None:
        await database_sync_to_async(services.mountpoint_is_ready)(
            session_id=desired.session_id, ready=step.ready
        )
        made, gone = MediaEvent.Kind.MOUNTPOINT_MADE, MediaEvent.Kind.MOUNTPOINT_GONE
        self._log.note_now(desired.session_id, made if step.ready else gone)

    @take.register
    async def _(self, step: steps.DestroyMountpoint, desired: Desired) -> None:
        _room, stage = await self._handles.get()
        await streaming.destroy_mountpoint(stage, desired.room, mountpoint_secret(desired.room))

    @take.register
    async def _(self, step: steps.RecordFeedGone, desired: Desired) -> None:
        await database_sync_to_async(services.feed_stopped)(slot_id=step.slot_id, feed=step.feed)

    @take.register
    async def _(self, step: steps.Kick, desired: Desired) -> None:
        room, _stage = await self._handles.get()
        await videoroom.kick(room, desired.room, room_secret(desired.room), step.feed)

    @take.register
    async def _(self, step: steps.OpenLine, desired: Desired) -> None:
        await self._lines.open(desired.session_id, desired.stage_id, step.delay_s)

    @take.register
    async def _(self, step: steps.CloseLine, desired: Desired) -> None:
        await self._lines.close(desired.session_id)

    @take.register
    async def _(self, step: steps.ConnectLine, desired: Desired) -> None:
        outputs = dict(step.outputs) if step.outputs else None
        self._lines[desired.session_id].connect(outputs, settings.JANUS_MEDIA_HOST)

    @take.register(steps.Accept)
    @take.register(steps.Finish)
    @take.register(steps.CutLine)
    async def _(self, step: steps.LineStep, desired: Desired) -> None:
        self._lines[desired.session_id].take(step)

    @take.register
    async def _(self, step: steps.Forward, desired: Desired) -> None:
        await self._forwards.begin(step, desired)

    @take.register
    async def _(self, step: steps.ForwardSound, desired: Desired) -> None:
        await self._forwards.begin_sound(step, desired)

    @take.register
    async def _(self, step: steps.StopForward, desired: Desired) -> None:
        await self._forwards.stop(step, desired)

    @take.register
    async def _(self, step: steps.Begin, desired: Desired) -> None:
        # The row first: if it fails, nothing is in the line yet and the step comes again.
        await database_sync_to_async(services.capture_began)(
            broadcast_id=step.broadcast_id, at=timezone.now()
        )
        self._lines[desired.session_id].begin(step.broadcast_id)

    @take.register
    async def _(self, step: steps.PutLayout, desired: Desired) -> None:
        self._lines[desired.session_id].put_layout(step.layout)

    @take.register
    async def _(self, step: steps.AirNow, desired: Desired) -> None:
        await database_sync_to_async(services.layout_aired)(session_id=desired.session_id, layout=step.layout)

    @take.register
    async def _(self, step: steps.EndBroadcast, desired: Desired) -> None:
        await database_sync_to_async(services.broadcast_ended)(
            broadcast_id=step.broadcast_id, at=timezone.now()
        )
