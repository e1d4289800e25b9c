"""WebRTC peers made of aiortc: they publish moving pictures of a brightness of their own, and watch."""

import array
import asyncio
import fractions
import math
import time

import av
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCBundlePolicy,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp

from janus.events import HandleEvent, Trickled
from janus.jsep import Jsep
from tests.janus.waiting import Inbox, eventually

WIDTH, HEIGHT, FRAME_RATE = 96, 64, 15
LOUDNESS = 12_000


class Picture(VideoStreamTrack):
    """All of one brightness, but for a bar that moves."""

    def __init__(self, brightness: int) -> None:
        super().__init__()
        self._brightness = brightness
        self._count = 0
        self._began = time.monotonic()

    async def recv(self) -> av.VideoFrame:
        self._count += 1
        due = self._began + self._count / FRAME_RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        frame = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        stride = frame.planes[0].line_size
        luma = bytearray([self._brightness]) * (stride * HEIGHT)
        for row in range(4):
            luma[row * stride + (self._count * 2) % WIDTH] = 255 - self._brightness
        frame.planes[0].update(luma)
        for plane in frame.planes[1:]:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = self._count, fractions.Fraction(1, FRAME_RATE)
        return frame


class Tone(AudioStreamTrack):
    """440 Hz, loud."""

    async def recv(self) -> av.AudioFrame:
        frame = await super().recv()
        first = frame.pts or 0
        wave = array.array(
            "h",
            (
                int(LOUDNESS * math.sin((first + n) * 2 * math.pi * 440 / frame.sample_rate))
                for n in range(frame.samples)
            ),
        )
        frame.planes[0].update(wave.tobytes())
        return frame


class Peer:
    """A PeerConnection against a handle whose events go to `inbox`."""

    def __init__(self, inbox: Inbox) -> None:
        self.inbox = inbox
        # With its default policy aiortc 1.16 bundles all audio m-lines, but only the first video m-line.
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self._tasks: list[asyncio.Task[None]] = []
        self._described = False
        self._candidates: list[str] = []

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.pc.close()

    async def accept(self, jsep: Jsep) -> None:
        """Set what Janus described, and its candidates, those that came before too."""
        await self.pc.setRemoteDescription(RTCSessionDescription(jsep.sdp, jsep.type))
        if not self._described:
            self._described = True
            self.inbox.listen(self._on_event)

    def _on_event(self, event: HandleEvent) -> None:
        if isinstance(event, Trickled):
            self._tasks.append(asyncio.create_task(self._add(event)))

    async def _add(self, trickled: Trickled) -> None:
        if trickled.candidate is None:
            return
        candidate = candidate_from_sdp(trickled.candidate.candidate.removeprefix("candidate:"))
        candidate.sdpMLineIndex = trickled.candidate.sdp_m_line_index
        candidate.sdpMid = trickled.candidate.sdp_mid
        await self.pc.addIceCandidate(candidate)


class Publisher(Peer):
    """Audio on mid "0", video on mid "1", or the audio alone."""

    def __init__(self, inbox: Inbox, brightness: int = 128, *, video: bool = True) -> None:
        super().__init__(inbox)
        self.pc.addTrack(Tone())
        if video:
            self.pc.addTrack(Picture(brightness))

    async def offer(self) -> Jsep:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return Jsep("offer", self.pc.localDescription.sdp)


class Watcher(Peer):
    """Answers Janus's offers, and remembers for each track the brightness of its first and its last frame."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(inbox)
        self.frames: dict[str, int] = {}
        self.brightness: dict[str, float] = {}
        self.first_brightness: dict[str, float] = {}
        self.pc.on("track", self._on_track)

    async def answer(self, offer: Jsep) -> Jsep:
        await self.accept(offer)
        await self.pc.setLocalDescription(await self.pc.createAnswer())
        return Jsep("answer", self.pc.localDescription.sdp)

    async def sees(self, mid: str, brightness: int, within_s: float = 8.0) -> float:
        """Wait for a new frame of this brightness in m-line `mid`; returns after how many seconds."""
        began, before = time.monotonic(), self.frames.get(mid, 0)
        try:
            await eventually(
                lambda: self.frames.get(mid, 0) > before and abs(self.brightness[mid] - brightness) < 12,
                within_s,
            )
        except AssertionError:
            seen = {mid: (self.frames[mid], round(value)) for mid, value in self.brightness.items()}
            raise AssertionError(f"No picture of brightness {brightness} in {mid}; seen: {seen}") from None
        return time.monotonic() - began

    def _on_track(self, track: MediaStreamTrack) -> None:
        mid = next(each.mid for each in self.pc.getTransceivers() if each.receiver.track is track)
        self._tasks.append(asyncio.create_task(self._look_at(mid, track)))

    async def _look_at(self, mid: str, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            if isinstance(frame, av.VideoFrame):
                self.brightness[mid] = _middle_brightness(frame)
                self.first_brightness.setdefault(mid, self.brightness[mid])
            self.frames[mid] = self.frames.get(mid, 0) + 1


def _middle_brightness(frame: av.VideoFrame) -> float:
    plane = frame.planes[0]
    middle = plane.line_size * (frame.height // 2)
    return sum(bytes(plane)[middle : middle + frame.width]) / frame.width
