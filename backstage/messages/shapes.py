"""What messages of more than one socket are made of."""

from enum import StrEnum
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from hopin_backstage.realtime import Command

Sdp = Annotated[str, Meta(max_length=60_000)]


class Tile(Struct, frozen=True, kw_only=True):
    """One of up to five people or screens. `slot` (1 to 5) says which two tracks carry it."""

    slot: int
    participant: str
    name: str
    photo: str | None
    colour: int
    """0 to 7, behind the initials where there is no photo."""
    kind: str
    """`camera` or `screen`."""
    large: bool
    """The newest screen: the others stand in a row below it."""
    connected: bool
    """It has a connection to the server."""
    microphone: bool
    camera: bool
    muted: bool
    """By an organizer: the person cannot switch the microphone on."""
    weak_link: bool
    """The way from this person to the server loses packets, or is slow."""
    heard: bool
    seen: bool
    """False: the microphone (camera, screen) is on, and for two seconds nothing of it has reached the server."""
    replaces_camera: bool
    """A screen in the place of its person's camera: the same feed, and its sound is the microphone."""


class ShowState(StrEnum):
    OFF_AIR = "off_air"
    GOING_LIVE = "going_live"
    LIVE = "live"
    ENDING = "ending"


class Show(Struct, frozen=True, kw_only=True):
    """The state of the show. Milliseconds count from the moment of sending, so clocks need not agree."""

    state: ShowState
    delay_s: int
    on_air_in_ms: int | None = None
    """While going live: until attendees see it. None until the first packet came in (nobody on screen)."""
    live_for_ms: int | None = None
    """While live or ending: how long attendees have been seeing it."""
    off_air_in_ms: int | None = None
    """While ending: for how long attendees still see it. While going live: for how long they see the end of the show
    before, if they do."""


class Candidate(Struct, frozen=True, kw_only=True):
    """An ICE candidate as RTCIceCandidateInit has it; `candidate` None: there are no more."""

    candidate: str | None
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None


class Empty(Command):
    """A command that needs no words."""

    wire_type: ClassVar[str] = ""
