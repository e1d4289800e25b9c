"""The wire of /ws/backstage/TOKEN/: the truth about one Backstage."""

from typing import ClassVar

from msgspec import Struct

from backstage.messages.shapes import Empty, Show, Tile
from hopin_backstage.realtime import Command, Notice


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
