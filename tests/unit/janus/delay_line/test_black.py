"""The black picture."""

import av

from janus.delay_line.black import BLACK_KEYFRAME
from tests.unit.janus.delay_line.stage import Stage, rtp


async def test_black_goes_to_the_videos_at_once_past_what_is_held(
    stage: Stage, forwarder, mountpoint
) -> None:
    stage.line.connect({"v1": mountpoint.address})
    forwarder.send(stage.ports["v1"], rtp(0))
    stage.line.blank()
    black = await mountpoint.take(3)
    assert all(packet.endswith(BLACK_KEYFRAME) for packet in black)
    assert len({packet[4:8] for packet in black}) == 3, "each is a frame of its own"
    assert stage.first_packets == 0
    assert await mountpoint.next() == rtp(0)


async def test_black_needs_no_mountpoint(stage: Stage, mountpoint) -> None:
    stage.line.blank()
    stage.line.connect({"a1": mountpoint.address})
    stage.line.blank()
    assert stage.line.stats().sent == 0


def test_the_black_picture_is_black() -> None:
    (picture,) = av.CodecContext.create("libvpx", "r").decode(av.Packet(BLACK_KEYFRAME))
    assert isinstance(picture, av.VideoFrame)
    for plane, value in zip(picture.planes, (16, 128, 128), strict=True):
        rows = [bytes(plane)[row * plane.line_size :][: plane.width] for row in range(plane.height)]
        assert {*b"".join(rows)} == {value}
