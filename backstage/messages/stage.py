"""The wire of /ws/stage/STAGE/ and /ws/backstage-preview/TOKEN/: the audience."""

from typing import ClassVar

from msgspec import Struct

from backstage.messages.shapes import Candidate, Empty, Sdp
from hopin_backstage.realtime import Command, Notice


class AiredTile(Struct, frozen=True, kw_only=True):
    slot: int
    name: str
    photo: str | None
    colour: int = 0
    kind: str
    large: bool = False
    microphone: bool
    camera: bool


class Layout(Struct, frozen=True, kw_only=True):
    """What goes through the delay line with the packets, and comes out in step with them."""

    live: bool = False
    tiles: list[AiredTile] = []


class StageSnapshot(Notice):
    wire_type: ClassVar[str] = "stage.snapshot"
    layout: Layout
    media: bool
    """Whether there is something to connect to; otherwise wait for `media.ready`."""
    watching: int
    on_screen: bool
    """This person is on screen in a Backstage: the Stage is silent for them, or they would hear themselves again."""
    ice_servers: list[dict[str, object]]
    shown: str
    """Where the picture comes from. A page that was made for another one loads itself anew."""


class StageChanged(Notice):
    """The picture comes from elsewhere now: load the page anew."""

    wire_type: ClassVar[str] = "stage.changed"


class EchoGuard(Notice):
    """To all Stage pages of one person: they came on screen in a Backstage, or left it."""

    wire_type: ClassVar[str] = "guard.changed"
    on_screen: bool


class LayoutAired(Notice):
    """The tiles from now on: apply at once, it is in step with the picture."""

    wire_type: ClassVar[str] = "layout.aired"
    layout: Layout


class WatchingChanged(Notice):
    """As `people.changed`, for the Stage."""

    wire_type: ClassVar[str] = "watching.changed"
    watching: int
    as_of: int
    """The revision that the Stage is at."""


class StartViewing(Empty):
    """→ `{"offer": SDP}`: ten m-lines (for a preview, five), streams `slot1` to `slot5`, tracks `a1`, `v1` …

    Refused: `media.not_ready`.
    """

    wire_type: ClassVar[str] = "viewer.start"
    cost: ClassVar[int] = 10


class AnswerViewing(Command):
    wire_type: ClassVar[str] = "viewer.answer"
    cost: ClassVar[int] = 5
    sdp: Sdp


class ViewerCandidate(Command):
    wire_type: ClassVar[str] = "viewer.candidate"
    candidate: Candidate


class ViewerRemoteCandidate(Notice):
    wire_type: ClassVar[str] = "viewer.candidate"
    candidate: Candidate


class ViewerLost(Notice):
    wire_type: ClassVar[str] = "viewer.lost"
