"""The Streaming plugin's requests. All calls: https://janus.conf.meetecho.com/docs/streaming.html#streamapi

Every function takes a handle of `Plugin.STREAMING` and raises JanusUnavailable, JanusTimeout, and
JanusRefused with a code of `RefusalCode`. Not here, on purpose: `disable`, which without `stop_recording`
makes Janus 1.1.2 crash.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from janus.errors import JanusError, JanusRefused, RefusalCode
from janus.jsep import Jsep
from janus.session import JanusHandle
from janus.wire import understood

OPUS_PAYLOAD_TYPE = 111
VP8_PAYLOAD_TYPE = 96


class MountpointConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A mountpoint with `slots` times an opus and a VP8 medium, mids a1, v1, a2, v2, …

    `secret`: needed by whoever changes it. `pin`: needed by whoever watches. `host_iface`: the address of the
    interface Janus listens on for RTP. `buffer_keyframe`: show joiners the last keyframe at once, a still
    until the next comes.
    """

    mountpoint: int
    secret: str
    pin: str
    name: str
    slots: int = 5
    host_iface: str = "127.0.0.1"
    buffer_keyframe: bool = True


class Mountpoint(msgspec.Struct, frozen=True):
    """`ports`: mid to the UDP port where Janus awaits its RTP. `viewers`: who watch now."""

    mountpoint: int
    ports: Mapping[str, int]
    viewers: int = 0


_UNTOLD = 0


class _Medium(msgspec.Struct):
    mid: str
    port: int = _UNTOLD


class _Created(msgspec.Struct):
    id: int
    ports: tuple[_Medium, ...]


class _Info(msgspec.Struct):
    id: int
    media: tuple[_Medium, ...]
    viewers: int = 0


async def create_mountpoint(handle: JanusHandle, config: MountpointConfig) -> Mountpoint:
    """Make a mountpoint, until Janus ends; Janus picks the ports. JanusRefused 456: the number is taken.

    https://janus.conf.meetecho.com/docs/streaming.html (create)
    """
    body = {
        "request": "create",
        "type": "rtp",
        "id": config.mountpoint,
        "name": config.name,
        "secret": config.secret,
        "pin": config.pin,
        "is_private": True,
        "permanent": False,
        "media": [medium for slot in range(1, config.slots + 1) for medium in _slot_media(slot, config)],
    }
    if admin_key := handle.session.connection.admin_key:
        body["admin_key"] = admin_key
    answer = await handle.request(body)
    created = understood(answer.content.get("stream"), _Created)
    return Mountpoint(created.id, _ports(created.ports))


def _slot_media(slot: int, config: MountpointConfig) -> tuple[dict[str, Any], dict[str, Any]]:
    """The msid needs its two words: with one, all tracks land in a single MediaStream. `collision` stays
    unset, or a new SSRC would be dropped for a while."""
    audio, video = f"a{slot}", f"v{slot}"
    where = {"port": 0, "iface": config.host_iface}
    return (
        {
            "type": "audio",
            "mid": audio,
            "label": audio,
            "msid": f"slot{slot} {audio}",
            "pt": OPUS_PAYLOAD_TYPE,
            "codec": "opus",
            **where,
        },
        {
            "type": "video",
            "mid": video,
            "label": video,
            "msid": f"slot{slot} {video}",
            "pt": VP8_PAYLOAD_TYPE,
            "codec": "vp8",
            "bufferkf": config.buffer_keyframe,
            **where,
        },
    )


async def mountpoint_info(handle: JanusHandle, mountpoint: int, secret: str) -> Mountpoint | None:
    """What Janus has under this number; None: nothing. JanusError: something, but not under this secret.

    https://janus.conf.meetecho.com/docs/streaming.html (info)
    """
    try:
        answer = await handle.request({"request": "info", "id": mountpoint, "secret": secret})
    except JanusRefused as refusal:
        if refusal.code == RefusalCode.NO_SUCH_MOUNTPOINT:
            return None
        raise
    info = understood(answer.content.get("info"), _Info)
    if any(medium.port == _UNTOLD for medium in info.media):
        # Janus does not refuse a wrong secret, it leaves the ports out.
        raise JanusError(f"Janus does not tell the ports of mountpoint {mountpoint} for this secret.")
    return Mountpoint(info.id, _ports(info.media), info.viewers)


class Listed(msgspec.Struct, frozen=True, rename={"mountpoint": "id"}):
    """A mountpoint as everybody may know it."""

    mountpoint: int
    description: str = ""
    type: str = ""


async def list_mountpoints(handle: JanusHandle) -> tuple[Listed, ...]:
    """The public mountpoints; those of shows are private, and only whoever has their secret finds them (`info`).

    https://janus.conf.meetecho.com/docs/streaming.html (list)
    """
    answer = await handle.request({"request": "list"})
    return understood(answer.content.get("list"), tuple[Listed, ...])


async def destroy_mountpoint(handle: JanusHandle, mountpoint: int, secret: str) -> None:
    """End a mountpoint; its viewers are put out. JanusRefused 455: no such mountpoint, 457: wrong secret.

    https://janus.conf.meetecho.com/docs/streaming.html (destroy)
    """
    await handle.request({"request": "destroy", "id": mountpoint, "secret": secret})


async def watch(handle: JanusHandle, mountpoint: int, pin: str, mids: Sequence[str] | None = None) -> Jsep:
    """Begin to watch these media, or all; returns Janus's offer, to be answered with `start`. JanusRefused 455: no such
    mountpoint, 457: wrong PIN.

    https://janus.conf.meetecho.com/docs/streaming.html (watch)
    """
    body: dict[str, Any] = {"request": "watch", "id": mountpoint, "pin": pin}
    if mids is not None:
        body["media"] = list(mids)
    answer = await handle.request(body)
    if answer.jsep is None:
        raise JanusError("Janus answered watch without an offer.")
    return answer.jsep


async def start(handle: JanusHandle, answer: Jsep | None = None) -> None:
    """Answer the offer of `watch`; without an answer, go on after `pause`.

    https://janus.conf.meetecho.com/docs/streaming.html (start)
    """
    await handle.request({"request": "start"}, answer)


async def pause(handle: JanusHandle) -> None:
    """Send this viewer nothing until `start`.

    https://janus.conf.meetecho.com/docs/streaming.html (pause)
    """
    await handle.request({"request": "pause"})


async def stop(handle: JanusHandle) -> None:
    """End watching and close the PeerConnection; the handle stays.

    https://janus.conf.meetecho.com/docs/streaming.html (stop)
    """
    await handle.request({"request": "stop"})


def _ports(media: tuple[_Medium, ...]) -> Mapping[str, int]:
    return MappingProxyType({medium.mid: medium.port for medium in media})
