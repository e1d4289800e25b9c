"""Pages whose media are aiortc's, spoken through the product's own sockets: they obey nobody."""

import asyncio
import time
from typing import Any

import av
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from janus.events import Trickled
from janus.jsep import Candidate, Jsep
from tests.integration.backstage.line import Line
from tests.janus import peers
from tests.janus.waiting import Inbox, eventually

#: Root mean square of 16-bit samples: the tone of `peers.Tone` has 8,485, Opus's silence less than 10.
LOUD, SILENT = 2_000, 60


class Speaker(peers.Publisher):
    """Sends a tone and a picture all the time, whatever it is told."""

    def __init__(self, brightness: int = 128) -> None:
        super().__init__(Inbox(), brightness)

    async def publish(self, media: Line, kind: str = "camera") -> None:
        """Raises AssertionError if refused."""
        earlier = len(media.heard)
        offer = await self.offer()
        reply = await media.ok("publish.start", sdp=offer.sdp, kind=kind)
        await self.accept(Jsep("answer", reply["answer"]))
        await take_candidates(media, earlier, "publish.candidate", self.inbox, kind=kind)


class Onlooker(peers.Watcher):
    """Remembers how loud each m-line was, and when."""

    def __init__(self) -> None:
        super().__init__(Inbox())
        self.loudness: dict[str, list[tuple[float, float]]] = {}

    async def watch(self, line: Line, room: str) -> None:
        """`room`: "watch" for the Backstage, "viewer" for the Stage."""
        earlier = len(line.heard)
        reply = await line.ok(f"{room}.start")
        answer = await self.answer(Jsep("offer", reply["offer"]))
        await line.ok(f"{room}.answer", sdp=answer.sdp)
        await take_candidates(line, earlier, f"{room}.candidate", self.inbox)

    async def hears(self, mid: str, within_s: float = 10.0) -> float:
        """Waits for a new loud frame; when it came, on the clock of `time.monotonic`."""
        began = time.monotonic()
        try:
            await eventually(lambda: self.last_loud(mid) > began, within_s)
        except AssertionError:
            raise AssertionError(f"{mid} is not heard; last: {self.loudness.get(mid, [])[-3:]}") from None
        return self.last_loud(mid)

    def last_loud(self, mid: str) -> float:
        return max((at for at, loudness in self.loudness.get(mid, []) if loudness > LOUD), default=0.0)

    async def loudest(self, mid: str, for_s: float) -> float:
        """Of all that comes from now on, for so long; 0 where nothing comes."""
        began = time.monotonic()
        await asyncio.sleep(for_s)
        return max((loudness for at, loudness in self.loudness.get(mid, []) if at > began), default=0.0)

    async def _look_at(self, mid: str, track: MediaStreamTrack) -> None:
        if track.kind != "audio":
            await super()._look_at(mid, track)
            return
        heard = self.loudness.setdefault(mid, [])
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, av.AudioFrame)
            heard.append((time.monotonic(), _root_mean_square(frame)))


def _root_mean_square(frame: av.AudioFrame) -> float:
    samples = memoryview(bytes(frame.planes[0])).cast("h")
    return (sum(sample * sample for sample in samples) / max(1, len(samples))) ** 0.5


async def take_candidates(line: Line, earlier: int, wire_type: str, inbox: Inbox, **body: Any) -> None:
    """Waits for all of Janus's, told since `earlier`."""

    def told() -> list[dict[str, Any]]:
        return [
            each["body"]["candidate"]
            for each in line.heard[earlier:]
            if each["type"] == wire_type and body.items() <= each["body"].items()
        ]

    await eventually(lambda: any(each["candidate"] is None for each in told()), 10)
    for each in told():
        inbox(Trickled(Candidate(**each) if each["candidate"] else None))
