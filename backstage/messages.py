"""The wire of the Backstage, its media and the Stage. `docs/protocol.md` is held against these types by a test."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from hopin_backstage.realtime import Command, Notice

Sdp = Annotated[str, Meta(max_length=60_000)]


# --- What both rooms show ----------------------------
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
    """While ending: for how long attendees still see it."""


class Candidate(Struct, frozen=True, kw_only=True):
    """An ICE candidate as RTCIceCandidateInit has it; `candidate` None: there are no more."""

    candidate: str | None
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None


class Empty(Command):
    """A command that needs no words."""

    wire_type: ClassVar[str] = ""


# --- /ws/backstage/TOKEN/ : truth ----------------------------
class Me(Struct, frozen=True, kw_only=True):
    participant: str
    name: str
    photo: str | None
    organizer: bool
    may_return: bool
    """May come on screen without asking."""
    muted: bool
    """By an organizer: not heard, and the microphone stays off until an organizer allows it."""


class BackstageSnapshot(Notice):
    """All there is to know, sent on connecting and when asked for."""

    wire_type: ClassVar[str] = "backstage.snapshot"
    me: Me
    event: str
    stage: str
    tiles: list[Tile]
    show: Show
    people: int
    """Persons inside this Backstage."""
    watching: int
    """Persons at the Stage."""


class TilesChanged(Notice):
    """The tiles as they are now, all of them, in the order of their slots."""

    wire_type: ClassVar[str] = "tiles.changed"
    tiles: list[Tile]


class ShowChanged(Notice):
    wire_type: ClassVar[str] = "show.changed"
    show: Show


class PeopleChanged(Notice):
    """Told whenever a number changes, and every ten seconds: a page that missed a notice finds out by `as_of`."""

    wire_type: ClassVar[str] = "people.changed"
    people: int
    watching: int
    as_of: int
    """The revision that the Backstage is at. A page that has an older one asks for a snapshot."""


class MeChanged(Notice):
    """To one person: what they may do."""

    wire_type: ClassVar[str] = "me.changed"
    may_return: bool
    muted: bool
    as_of: int
    """The revision of the Backstage that this is as new as; an older one says nothing any more."""


class TalkingChanged(Notice):
    """The slots of those who talk now, all of them."""

    wire_type: ClassVar[str] = "talking.changed"
    slots: list[int]


class HouseFull(Notice):
    """Instead of a snapshot: all places for watchers are taken. The snapshot follows by itself when one is free."""

    wire_type: ClassVar[str] = "house.full"
    places: int
    """How many there are."""
    place: int
    """In the line at the door, from 1."""


class Admitted(Notice):
    """Between processes only: a person who waited at the door has a place."""

    wire_type: ClassVar[str] = "house.admitted"


class LineMoved(Notice):
    """Between processes only, to all who wait at the door: look up your place in line."""

    wire_type: ClassVar[str] = "house.moved"


class MediaReady(Notice):
    """The media server is there (again): whoever waits for it, connect now."""

    wire_type: ClassVar[str] = "media.ready"


class YouLeft(Notice):
    """To every page of a person: they left, in one of them or by being away too long. Coming in anew is allowed."""

    wire_type: ClassVar[str] = "you.left"


class GetSnapshot(Empty):
    """Answered with a `backstage.snapshot` (at the Stage: `stage.snapshot`) before the `ok`."""

    wire_type: ClassVar[str] = "snapshot.get"


class TakePlace(Command):
    """Come on screen: organizers, and those who may return. Refused: `stage.full`, `request.needed`."""

    wire_type: ClassVar[str] = "place.take"
    cost: ClassVar[int] = 4
    microphone: bool = True
    camera: bool = True


class GivePlace(Empty):
    """Leave the screen, stay in the Backstage."""

    wire_type: ClassVar[str] = "place.give"
    cost: ClassVar[int] = 4


class TakeScreen(Command):
    """Share my screen in a place of its own, or instead of my camera.

    Refused: `stage.full`, `request.needed`, `publish.not_on_screen`, `screen.removed`.
    """

    wire_type: ClassVar[str] = "screen.take"
    cost: ClassVar[int] = 4
    sound: bool = False
    """The browser shares sound with it."""
    instead: bool = False
    """In the place of my camera: the same feed carries the screen's picture and my microphone."""


class GiveScreen(Empty):
    """Stop sharing my screen."""

    wire_type: ClassVar[str] = "screen.give"
    cost: ClassVar[int] = 4


class SetDevices(Command):
    """My microphone or camera was switched on or off; the tile says so to everybody.

    Refused: `muted`, `publish.not_on_screen`.
    """

    wire_type: ClassVar[str] = "place.devices"
    cost: ClassVar[int] = 4
    microphone: bool
    camera: bool


class LeaveBackstage(Empty):
    """Gives the place and the request back at once."""

    wire_type: ClassVar[str] = "backstage.leave"


class StartBroadcast(Empty):
    """Organizers. Refused: `broadcast.already`, `broadcast.no_stage`, `forbidden`."""

    wire_type: ClassVar[str] = "broadcast.start"


class StopBroadcast(Empty):
    """Organizers. Refused: `broadcast.not_on`, `forbidden`."""

    wire_type: ClassVar[str] = "broadcast.stop"


class CutNow(Empty):
    """Organizers: off air at once, what nobody has seen yet is destroyed. Refused: `broadcast.not_on`, `forbidden`."""

    wire_type: ClassVar[str] = "broadcast.cut"


# --- /ws/backstage-media/TOKEN/ : JSEP and candidates only ----------------------------
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


# --- /ws/stage/STAGE/ : the audience ----------------------------
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
