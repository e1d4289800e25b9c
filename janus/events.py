"""What Janus tells a handle unasked, as types. `janus.event_reader` makes them from the wire."""

import msgspec

from janus.jsep import Candidate, Jsep


class FeedStream(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """One medium of a feed. `kind` is "audio", "video" or "data"; `moderated`: muted by a moderator;
    `disabled`: the publisher stopped it, and its `mid` may be used again."""

    mid: str
    kind: str
    codec: str | None = None
    disabled: bool = False
    moderated: bool = False
    simulcast: bool = False


class Feed(msgspec.Struct, frozen=True, rename={"feed_id": "id"}):
    """A publisher whose media is on. `dummy`: Janus's own placeholder, which sends nothing."""

    feed_id: int
    display: str = ""
    dummy: bool = False
    streams: tuple[FeedStream, ...] = ()


class WebrtcUp(msgspec.Struct, frozen=True):
    """The PeerConnection of this handle stands (ICE and DTLS are through)."""


class Hangup(msgspec.Struct, frozen=True):
    """The PeerConnection of this handle is gone. `reason` is Janus's English: "Janus API", "DTLS alert", …"""

    reason: str = ""


class Media(msgspec.Struct, frozen=True, rename={"kind": "type"}):
    """Janus began (`receiving`) or ceased to get packets of medium `mid` from this handle's peer.
    It says so after two seconds without a packet. `kind` is "audio" or "video"."""

    mid: str
    kind: str
    receiving: bool


class SlowLink(msgspec.Struct, frozen=True):
    """Packets are being lost. `uplink`: on the way from the peer to Janus, as Janus saw; else on the way
    to the peer, as the peer's reports said. `lost`: packets in the last second."""

    mid: str
    uplink: bool
    lost: int


class Trickled(msgspec.Struct, frozen=True):
    """An ICE candidate of Janus for the peer; None = that was the last."""

    candidate: Candidate | None


class Detached(msgspec.Struct, frozen=True):
    """The handle is gone in Janus, without our having asked for it."""


class PublishersAppeared(msgspec.Struct, frozen=True):
    """These feeds are on from now, or changed their media. Only what is new, not the whole room."""

    feeds: tuple[Feed, ...]


class Unpublished(msgspec.Struct, frozen=True):
    """The feed's media ended; its participant may still be in the room. Told once per publishing."""

    feed_id: int


class Left(msgspec.Struct, frozen=True):
    """A participant left the room. For the handle's own participant `reason` is "kicked" when kicked, and
    `feed_id` is its own, or None if the handle was adopted without telling its feed."""

    feed_id: int | None
    reason: str | None = None


class Joining(msgspec.Struct, frozen=True):
    """A participant came into the room, not publishing yet."""

    feed_id: int
    display: str = ""


class Kicked(msgspec.Struct, frozen=True):
    """Somebody else was kicked out of the room, and so off the air. No `Unpublished` follows."""

    feed_id: int


class Talking(msgspec.Struct, frozen=True):
    """A feed began or ceased to talk. `level`: mean loudness in dBov, 0 the loudest, 127 silence."""

    feed_id: int
    mid: str
    talking: bool
    level: float


class Moderated(msgspec.Struct, frozen=True):
    """A moderator muted or released a feed's medium."""

    feed_id: int
    mid: str
    muted: bool


class RoomDestroyed(msgspec.Struct, frozen=True):
    """The room is gone; everybody in it was put out."""

    room: int


class SubscriberOffer(msgspec.Struct, frozen=True):
    """Janus wants this subscriber to renegotiate: answer with `videoroom.start`."""

    jsep: Jsep


class StreamStatus(msgspec.Struct, frozen=True):
    """What a mountpoint's viewer is in: "preparing", "starting", "started", "stopped", …"""

    status: str


HandleEvent = (
    WebrtcUp
    | Hangup
    | Media
    | SlowLink
    | Trickled
    | Detached
    | PublishersAppeared
    | Unpublished
    | Left
    | Joining
    | Kicked
    | Talking
    | Moderated
    | RoomDestroyed
    | SubscriberOffer
    | StreamStatus
)
