"""The wire of /ws/moderation/TOKEN/: requests to share, and what organizers do about them."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from hopin_backstage.realtime import Command, Notice

#: Characters that a person is told with a decline.
WORD_LENGTH = 200


class Waiting(Struct, frozen=True, kw_only=True):
    """One waiting person, as organizers see them."""

    request: str
    participant: str
    name: str
    photo: str | None
    colour: int
    place: int
    """In the queue, from 1."""
    microphone: bool
    camera: bool
    """What the device check found."""
    measured: bool
    """The page has told what follows; before that it says nothing."""
    level: bool
    """The microphone has heard something."""
    uplink: str
    """`good`, `weak`, or `unknown` until it is measured."""
    path: str
    """`direct`, `relayed`, or `unknown`."""
    browser: str
    """Its name and major version, as the page tells it; empty: one that the page does not know."""
    muted: bool
    """By an organizer: comes on screen muted."""


class MyRequest(Struct, frozen=True, kw_only=True):
    request: str
    state: str
    """`waiting`, `accepted`, `declined`, `withdrawn`, `dequeued` or `ended`."""
    place: int | None
    """While waiting, from 1."""
    word: str
    """From the organizer who declined; may be empty."""


class ModerationSnapshot(Notice):
    wire_type: ClassVar[str] = "moderation.snapshot"
    requests: list[Waiting]
    """Empty for everybody but organizers."""
    mine: MyRequest | None


class RequestsChanged(Notice):
    """To organizers: the whole queue, in order."""

    wire_type: ClassVar[str] = "requests.changed"
    requests: list[Waiting]


class MyRequestChanged(Notice):
    """To the person who asked."""

    wire_type: ClassVar[str] = "request.changed"
    as_of: int
    """The revision of the queue that this is as new as; what is older than the newest seen says nothing."""
    mine: MyRequest | None


class Ask(Command):
    """→ the request waits. Asking twice changes nothing."""

    wire_type: ClassVar[str] = "request.ask"
    cost: ClassVar[int] = 8
    microphone: bool
    camera: bool


class Withdraw(Command):
    wire_type: ClassVar[str] = "request.withdraw"
    cost: ClassVar[int] = 4


class Accept(Command):
    """Puts the person on screen. Refused: `stage.full`, `request.gone`, `forbidden`."""

    wire_type: ClassVar[str] = "request.accept"
    request: UUID


class Preflight(Command):
    """What my page has measured while it waits. Nothing happens if I do not wait any more."""

    wire_type: ClassVar[str] = "request.preflight"
    cost: ClassVar[int] = 4
    microphone: bool
    camera: bool
    """Found now: a device may be pulled out, or put in, while its person waits."""
    level: bool
    uplink: Literal["unknown", "good", "weak"]
    path: Literal["unknown", "direct", "relayed"]
    browser: Annotated[str, Meta(max_length=40)]


class Decline(Command):
    """Refused: `request.gone`, `forbidden`."""

    wire_type: ClassVar[str] = "request.decline"
    request: UUID
    word: Annotated[str, Meta(max_length=WORD_LENGTH)] = ""
    """Shown to the person."""


class Dequeue(Command):
    """Takes a person out of the queue without a word. Refused: `request.gone`, `forbidden`."""

    wire_type: ClassVar[str] = "request.remove"
    request: UUID


class MutePerson(Command):
    """Nobody hears the person until this is lifted, on screen or when they come there. Refused: `person.gone`,
    `forbidden`."""

    wire_type: ClassVar[str] = "person.mute"
    participant: UUID
    muted: bool


class BlockPerson(Command):
    """Out of this Backstage, and kept out of the event. Refused: `person.gone`, `block.organizer`, `forbidden`."""

    wire_type: ClassVar[str] = "person.block"
    participant: UUID


class RemoveFromScreen(Command):
    """Takes the screen that a person shares off the screen; the person themselves where there is none, who stays in
    the Backstage and must ask again. Refused: `not_on_screen`, `forbidden`."""

    wire_type: ClassVar[str] = "screen.remove"
    participant: UUID
    screen: bool
    """What the organizer was shown is a screen: if it is shared no longer, nothing is removed in its stead."""


class Removed(Struct, frozen=True, kw_only=True):
    """What `screen.remove` has removed: the screen, or the person. Sharing may begin while an organizer is asked."""

    screen: bool


class GetSnapshot(Command):
    """Answered with a `moderation.snapshot` before the `ok`."""

    wire_type: ClassVar[str] = "snapshot.get"
