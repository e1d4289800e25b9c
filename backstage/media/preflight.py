"""The room in which uplinks are measured: everybody sends, nobody is ever subscribed."""

from django.conf import settings

from backstage.media.secrets import room_secret
from janus import videoroom
from janus.errors import JanusRefused, RefusalCode
from janus.session import JanusHandle, JanusSession, Plugin

#: How many people's uplinks are measured at a time, in one Backstage.
PREFLIGHTS = 25


def preflight_room(room: int) -> int:
    """Beside a Backstage's own room. Those end at 2^52, so none has this number; JSON is exact up to 2^53."""
    return room + 2**52


async def make_room(session: JanusSession, room: int) -> None:
    """`room`: the Backstage's own. Nothing happens if the pre-flight room is there. Raises JanusError."""
    config = videoroom.RoomConfig(
        room=preflight_room(room),
        secret=room_secret(preflight_room(room)),
        publishers=PREFLIGHTS,
        bitrate=settings.PUBLISHER_BITRATE,
        fir_freq=0,
        notify_joining=False,
        audiolevel_event=False,
        dummy_publisher=False,
    )
    handle = await session.attach(Plugin.VIDEOROOM, lambda _event: None)
    try:
        await videoroom.create_room(handle, config)
    except JanusRefused as refusal:
        if refusal.code != RefusalCode.ROOM_EXISTS:
            raise
    finally:
        await handle.detach()


async def destroy_room(handle: JanusHandle, room: int) -> None:
    """`room`: the Backstage's own. Raises JanusError, but not if there is none."""
    number = preflight_room(room)
    try:
        await videoroom.destroy_room(handle, number, room_secret(number))
    except JanusRefused as refusal:
        if refusal.code != RefusalCode.NO_SUCH_ROOM:
            raise
