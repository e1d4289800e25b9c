"""The wire of /ws/moderation/TOKEN/: requests to share, and what organizers do about them."""

from typing import ClassVar
from uuid import UUID

from msgspec import Struct

from hopin_backstage.realtime import Command, Notice


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


class MyRequest(Struct, frozen=True, kw_only=True):
    request: str
    state: str
    """`waiting`, `accepted`, `declined`, `withdrawn` or `ended`."""
    place: int | None
    """While waiting, from 1."""


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
    microphone: bool
    camera: bool


class Withdraw(Command):
    wire_type: ClassVar[str] = "request.withdraw"


class Accept(Command):
    """Puts the person on screen. Refused: `stage.full`, `request.gone`, `forbidden`."""

    wire_type: ClassVar[str] = "request.accept"
    request: UUID


class Decline(Command):
    wire_type: ClassVar[str] = "request.decline"
    request: UUID


class RemoveFromScreen(Command):
    """Takes a tile off the screen; the person stays in the Backstage and must ask again."""

    wire_type: ClassVar[str] = "screen.remove"
    participant: UUID


class GetSnapshot(Command):
    """Answered with a `moderation.snapshot` before the `ok`."""

    wire_type: ClassVar[str] = "snapshot.get"
