"""What the stagehand can do, one step at a time. The plan chooses them, the hands take them."""

from dataclasses import dataclass
from uuid import UUID

from backstage.messages import Layout
from backstage.stagehand.desired import DesiredFeed


@dataclass(frozen=True)
class CreateRoom:
    pass


@dataclass(frozen=True)
class RecordRoom:
    dummy_feed: int | None


@dataclass(frozen=True)
class DestroyRoom:
    pass


@dataclass(frozen=True)
class CreateMountpoint:
    pass


@dataclass(frozen=True)
class RecordMountpoint:
    ready: bool


@dataclass(frozen=True)
class DestroyMountpoint:
    pass


@dataclass(frozen=True)
class RecordFeedGone:
    slot_id: UUID
    feed: int


@dataclass(frozen=True)
class Kick:
    feed: int


@dataclass(frozen=True)
class Listen:
    """Be in the room, to hear who talks and whose sound is held back."""


@dataclass(frozen=True)
class Moderate:
    """Let no sound of a feed through any more, whatever its browser sends; or let it through again."""

    feed: int
    muted: bool


@dataclass(frozen=True)
class OpenLine:
    delay_s: int


@dataclass(frozen=True)
class CloseLine:
    pass


@dataclass(frozen=True)
class ConnectLine:
    """Send what comes out to the mountpoint; None while there is none."""

    outputs: tuple[tuple[str, int], ...] | None


@dataclass(frozen=True)
class Accept:
    """Let the line take in what arrives for a slot: it is this feed's; None: take nothing in."""

    slot: int
    feed: int | None


@dataclass(frozen=True)
class Forward:
    slot: int
    feed: DesiredFeed
    audio_port: int
    video_port: int


@dataclass(frozen=True)
class ForwardSound:
    """The sound alone; the picture goes on."""

    slot: int
    feed: DesiredFeed
    audio_port: int


@dataclass(frozen=True)
class StopForward:
    feed: int
    stream_id: int


@dataclass(frozen=True)
class Begin:
    """Into the line: from here on it is this broadcast."""

    broadcast_id: UUID


@dataclass(frozen=True)
class PutLayout:
    """Into the line: from here on the tiles are these."""

    layout: Layout


@dataclass(frozen=True)
class Finish:
    """Into the line: here this broadcast ends. `last`: no other goes on."""

    broadcast_id: UUID
    last: bool


@dataclass(frozen=True)
class CutLine:
    """Off air at once, and everything that the line holds destroyed."""

    broadcast_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class AirNow:
    """Past the line: what the Stage shows is no longer true, and what should follow was lost."""

    layout: Layout


@dataclass(frozen=True)
class EndBroadcast:
    broadcast_id: UUID


LineStep = Accept | Finish | CutLine
"""What shuts our own line, or ends something in it: done at once, whatever Janus does."""

Step = (
    CreateRoom
    | RecordRoom
    | DestroyRoom
    | CreateMountpoint
    | RecordMountpoint
    | DestroyMountpoint
    | RecordFeedGone
    | Kick
    | Listen
    | Moderate
    | OpenLine
    | CloseLine
    | ConnectLine
    | Forward
    | ForwardSound
    | StopForward
    | Begin
    | PutLayout
    | AirNow
    | EndBroadcast
    | LineStep
)
