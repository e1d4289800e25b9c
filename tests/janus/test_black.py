"""What a mountpoint gives to whoever comes late, once the show is over: black, and no picture of it."""

import struct
from collections.abc import AsyncIterator

import av
import pytest

from janus import streaming
from janus.delay_line import DelayLine
from janus.session import Plugin
from janus.streaming import Mountpoint, MountpointConfig
from tests.janus.cast import Cast
from tests.janus.waiting import eventually
from tests.servers.janus import udp_socket

pytestmark = pytest.mark.janus

PIN = "1234"
SHOWN, BLACK, LATER = 200, 16, 100


def keyframe(brightness: int) -> bytes:
    """Of one picture."""
    encoder = av.CodecContext.create("libvpx", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = 32, 32, "yuv420p"
    encoder.framerate = 30
    picture = av.VideoFrame(32, 32, "yuv420p")
    for plane, value in zip(picture.planes, (brightness, 128, 128), strict=True):
        plane.update(bytes([value]) * plane.buffer_size)
    (packet, *_) = [*encoder.encode(picture), *encoder.encode(None)]
    return bytes(packet)


class Show:
    """Sends keyframes to slot 1, past the delay."""

    def __init__(self, made: Mountpoint) -> None:
        self.mountpoint = made.mountpoint
        self.line = DelayLine(1.0, on_layout=lambda _layout: None)
        self._address = ("127.0.0.1", made.ports["v1"])
        self._addresses = {mid: ("127.0.0.1", port) for mid, port in made.ports.items()}
        self._camera = udp_socket()
        self._sent = 0

    async def open(self) -> None:
        await self.line.open()
        self.line.connect(self._addresses)

    def send(self, brightness: int, count: int) -> None:
        for _frame in range(count):
            self._sent += 1
            header = struct.pack("!BBHII", 0x80, 0xE0, self._sent, 3000 * self._sent, 1)
            self._camera.sendto(header + b"\x10" + keyframe(brightness), self._address)

    async def close(self) -> None:
        await self.line.close()
        self._camera.close()


@pytest.fixture
async def show(cast: Cast, number: int) -> AsyncIterator[Show]:
    maker = await cast.handle(Plugin.STREAMING)
    config = MountpointConfig(mountpoint=number, secret="mountpoint-secret", pin=PIN, name="Stage")
    opened = Show(await streaming.create_mountpoint(maker, config))
    await opened.open()
    yield opened
    await opened.close()
    await streaming.destroy_mountpoint(maker, number, "mountpoint-secret")


@pytest.mark.parametrize("keyframes", [1, 2, 3, 4])
async def test_who_comes_late_gets_black_whether_or_not_janus_was_in_the_middle_of_a_keyframe(
    cast: Cast, show: Show, keyframes: int
) -> None:
    early = (await cast.viewer(show.mountpoint, PIN)).peer
    show.send(SHOWN, keyframes)
    show.line.blank()
    await early.sees("v1", BLACK)

    late = (await cast.viewer(show.mountpoint, PIN)).peer
    # What was kept came with the connection; a decoder shows it when the next picture begins.
    show.send(LATER, 3)
    await eventually(lambda: late.frames.get("v1", 0) > 1)
    assert late.first_brightness["v1"] == pytest.approx(BLACK, abs=2)


async def test_without_black_they_would_get_the_last_picture(cast: Cast, show: Show) -> None:
    """The eyes of this test work."""
    show.send(SHOWN, 2)
    late = (await cast.viewer(show.mountpoint, PIN)).peer
    show.send(LATER, 3)
    await eventually(lambda: late.frames.get("v1", 0) > 1)
    assert late.first_brightness["v1"] == pytest.approx(SHOWN, abs=12)
