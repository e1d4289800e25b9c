"""Streaming on a real Janus: a publisher is forwarded straight into a mountpoint and watched."""

import random
from collections import defaultdict

import pytest

from janus import streaming, videoroom
from janus.errors import JanusError, JanusRefused, RefusalCode
from janus.events import Hangup, StreamStatus
from janus.session import JanusSession, Plugin
from janus.streaming import MountpointConfig
from janus.videoroom import ForwardRequest, ForwardStream
from tests.janus.cast import Cast
from tests.janus.waiting import Inbox, eventually

pytestmark = pytest.mark.janus

MIDS = ["a1", "v1", "a2", "v2", "a3", "v3", "a4", "v4", "a5", "v5"]


def config(number: int, **fields: object) -> MountpointConfig:
    return MountpointConfig(
        **{"mountpoint": number, "secret": "mountpoint-secret", "pin": "1234", "name": "Stage", **fields}
    )


async def test_a_mountpoint_is_made_found_and_destroyed(session: JanusSession, number: int) -> None:
    handle = await session.attach(Plugin.STREAMING, Inbox())
    assert await streaming.mountpoint_info(handle, number, "mountpoint-secret") is None
    made = await streaming.create_mountpoint(handle, config(number))
    assert made.mountpoint == number
    assert list(made.ports) == MIDS
    assert len(set(made.ports.values())) == 10
    assert await streaming.mountpoint_info(handle, number, "mountpoint-secret") == made
    with pytest.raises(JanusError, match="does not tell"):
        await streaming.mountpoint_info(handle, number, "wrong")
    with pytest.raises(JanusRefused) as twice:
        await streaming.create_mountpoint(handle, config(number))
    assert twice.value.code == RefusalCode.MOUNTPOINT_EXISTS
    with pytest.raises(JanusRefused) as stranger:
        await streaming.destroy_mountpoint(handle, number, "wrong")
    assert stranger.value.code == RefusalCode.WRONG_PIN
    await streaming.destroy_mountpoint(handle, number, "mountpoint-secret")
    with pytest.raises(JanusRefused) as gone:
        await streaming.destroy_mountpoint(handle, number, "mountpoint-secret")
    assert gone.value.code == RefusalCode.NO_SUCH_MOUNTPOINT


async def test_the_mountpoint_of_a_show_is_in_no_list(session: JanusSession, number: int) -> None:
    handle = await session.attach(Plugin.STREAMING, Inbox())
    await streaming.create_mountpoint(handle, config(number))
    assert number not in {each.mountpoint for each in await streaming.list_mountpoints(handle)}
    await streaming.destroy_mountpoint(handle, number, "mountpoint-secret")


async def test_each_slot_is_a_stream_of_its_own_in_the_offer(session: JanusSession, number: int) -> None:
    handle = await session.attach(Plugin.STREAMING, Inbox())
    await streaming.create_mountpoint(handle, config(number))
    with pytest.raises(JanusRefused) as stranger:
        await streaming.watch(handle, number, "wrong")
    assert stranger.value.code == RefusalCode.WRONG_PIN
    offer = await streaming.watch(handle, number, "1234")
    grouped = defaultdict(list)
    for line in offer.sdp.splitlines():
        if line.startswith("a=msid:"):
            stream, track = line.removeprefix("a=msid:").split()
            grouped[stream].append(track)
    assert grouped == {f"slot{slot}": [f"a{slot}", f"v{slot}"] for slot in range(1, 6)}


@pytest.mark.parametrize("buffer_keyframe", [True, False])
async def test_a_viewer_sees_what_is_forwarded_and_may_pause(
    cast: Cast, number: int, *, buffer_keyframe: bool
) -> None:
    maker = await cast.handle(Plugin.STREAMING)
    made = await streaming.create_mountpoint(maker, config(number, slots=2, buffer_keyframe=buffer_keyframe))
    ada = await cast.publisher(200)
    forwarded = ForwardRequest(
        cast.room,
        cast.secret,
        ada.feed_id,
        "127.0.0.1",
        tuple(
            ForwardStream(mid, made.ports[port], random.randrange(1, 2**32))
            for mid, port in (("0", "a2"), ("1", "v2"))
        ),
    )
    await videoroom.forward(ada.handle, forwarded)
    watching = await cast.viewer(number, "1234")
    await watching.inbox.next(StreamStatus, status="started")
    await videoroom.keyframe(ada.handle)
    await watching.peer.sees("v2", 200)
    await eventually(lambda: watching.peer.frames.get("a2", 0) > 5)
    info = await streaming.mountpoint_info(maker, number, "mountpoint-secret")
    assert info is not None
    assert info.viewers == 1

    await streaming.pause(watching.handle)
    await streaming.start(watching.handle)
    await videoroom.keyframe(ada.handle)
    await watching.peer.sees("v2", 200)

    await streaming.stop(watching.handle)
    await watching.inbox.next(Hangup)
    await streaming.destroy_mountpoint(maker, number, "mountpoint-secret")
