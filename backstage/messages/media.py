"""The wire of /ws/backstage-media/TOKEN/: JSEP and candidates only."""

from typing import ClassVar, Literal

from msgspec import Struct

from backstage.messages.shapes import Candidate, Empty, Sdp
from hopin_backstage.realtime import Command, Notice


class MediaConfig(Notice):
    """Sent on connecting."""

    wire_type: ClassVar[str] = "media.config"
    ice_servers: list[dict[str, object]]
    """RTCIceServer dictionaries."""
    bitrate: int
    """Bits per second for one camera."""
    screen_bitrate: int
    """And for one screen."""


class SlotFeeds(Notice):
    """Between processes only, never to a page: which feed stands in which slot (index 0 is slot 1; None: empty)."""

    wire_type: ClassVar[str] = "slot.feeds"
    revision: int
    """Of the Backstage session; an older one says nothing any more."""
    feeds: list[int | None]


class SdpOffer(Struct, frozen=True):
    offer: str


class SdpAnswer(Struct, frozen=True):
    answer: str


class StartWatching(Empty):
    """→ `{"offer": SDP}` with ten m-lines: audio of slot k has mid 2k-2, video 2k-1. Refused: `media.not_ready`."""

    wire_type: ClassVar[str] = "watch.start"
    cost: ClassVar[int] = 10


class AnswerWatching(Command):
    """To the offer of `watch.start` or of a later `watch.offer`."""

    wire_type: ClassVar[str] = "watch.answer"
    cost: ClassVar[int] = 5
    sdp: Sdp


class WatchCandidate(Command):
    wire_type: ClassVar[str] = "watch.candidate"
    candidate: Candidate


class WatchOffer(Notice):
    """Janus wants to renegotiate (a feed vanished by itself): answer with `watch.answer`."""

    wire_type: ClassVar[str] = "watch.offer"
    sdp: str


class WatchRemoteCandidate(Notice):
    wire_type: ClassVar[str] = "watch.candidate"
    candidate: Candidate


FeedKind = Literal["camera", "screen"]
"""A person has up to two feeds: camera and microphone, and a screen with its sound. A screen that is shared
instead of the camera goes through the camera's."""


class Publish(Command):
    """→ `{"answer": SDP}`. Refused: `publish.not_on_screen`, `publish.unfit`, `media.not_ready`."""

    wire_type: ClassVar[str] = "publish.start"
    cost: ClassVar[int] = 10
    sdp: Sdp
    kind: FeedKind = "camera"


class PublishCandidate(Command):
    wire_type: ClassVar[str] = "publish.candidate"
    candidate: Candidate
    kind: FeedKind = "camera"


class PublishRemoteCandidate(Notice):
    wire_type: ClassVar[str] = "publish.candidate"
    candidate: Candidate
    kind: FeedKind


class PublishElsewhere(Notice):
    """This person's pictures now come from another of their pages: stop, let go of the devices, do not try again."""

    wire_type: ClassVar[str] = "publish.elsewhere"
    kind: FeedKind


class StopPublishing(Command):
    wire_type: ClassVar[str] = "publish.stop"
    kind: FeedKind = "camera"


class LinkQuality(Command):
    """How my way to the server is, as `getStats` says; told when it changes. The tile shows a weak one to everybody."""

    wire_type: ClassVar[str] = "publish.quality"
    weak: bool
    kind: FeedKind = "camera"


class StartPreflight(Command):
    """→ `{"answer": SDP}`. Sends camera and microphone to nobody for a few seconds, to measure the uplink before
    coming on screen. Only for whoever waits. Refused: `preflight.not_now`, `publish.unfit`, `media.not_ready`."""

    wire_type: ClassVar[str] = "preflight.start"
    cost: ClassVar[int] = 10
    sdp: Sdp


class PreflightCandidate(Command):
    wire_type: ClassVar[str] = "preflight.candidate"
    candidate: Candidate


class PreflightRemoteCandidate(Notice):
    wire_type: ClassVar[str] = "preflight.candidate"
    candidate: Candidate


class StopPreflight(Empty):
    wire_type: ClassVar[str] = "preflight.stop"


class MediaLost(Notice):
    """A PeerConnection is over (Janus went away, ICE failed): close it and start again, with patience."""

    wire_type: ClassVar[str] = "media.lost"
    which: Literal["watch", "camera", "screen"]
