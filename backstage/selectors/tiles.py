"""What stands in the places: for people inside, for the audience, and for media connections."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from backstage.messages import AiredTile, Layout, Tile
from backstage.models import SLOTS, BackstageSession, Slot
from backstage.selectors.places import large_slot, slots_of
from events.models import User


def photo_url(user: User) -> str | None:
    return user.photo.url if user.photo else None


def tile(slot: Slot, *, large: bool) -> Tile:
    user = slot.participant.user
    return Tile(
        slot=slot.index,
        participant=str(slot.participant_id),
        name=user.display_name,
        photo=photo_url(user),
        colour=user.avatar_colour,
        kind=slot.kind,
        large=large,
        connected=slot.feed is not None,
        microphone=slot.has_sound,
        camera=slot.shows_picture,
        muted=slot.participant.muted,
        weak_link=slot.weak_link,
        heard=slot.audio_arrives or not slot.has_sound,
        seen=slot.video_arrives or not slot.shows_picture,
        replaces_camera=slot.replaces_camera,
    )


def tiles(session: BackstageSession) -> list[Tile]:
    slots = slots_of(session)
    large = large_slot(slots)
    return [tile(slot, large=slot is large) for slot in slots]


def feeds(session: BackstageSession) -> list[int | None]:
    """Feed by slot; index 0 is slot 1."""
    taken = dict(session.slots.values_list("index", "feed"))
    return [taken.get(index) for index in range(1, SLOTS + 1)]


def layout_to_air(session: BackstageSession) -> Layout:
    """The tiles as the delay line takes them in: those whose media flow."""
    slots = [slot for slot in slots_of(session) if slot.feed is not None]
    large = large_slot(slots)
    return Layout(
        live=True,
        tiles=[
            AiredTile(
                slot=slot.index,
                name=slot.participant.user.display_name,
                photo=photo_url(slot.participant.user),
                colour=slot.participant.user.avatar_colour,
                kind=slot.kind,
                large=slot is large,
                microphone=slot.has_sound,
                camera=slot.shows_picture,
            )
            for slot in slots
        ],
    )


@dataclass(frozen=True)
class RoomState:
    dummy_feed: int | None
    """None: Janus has no room yet."""
    revision: int
    """Of the Backstage session; the feeds are at least as new."""
    feeds: list[int | None]
    """By slot; index 0 is slot 1."""


def room_state(session_id: UUID) -> RoomState:
    session = BackstageSession.objects.get(pk=session_id)
    return RoomState(session.dummy_feed, session.revision, feeds(session))


def aired(session: BackstageSession) -> Layout:
    """What the Stage shows now."""
    try:
        return msgspec.convert(session.aired_layout, Layout)
    except msgspec.ValidationError:
        # Written by another release. Nothing is better than a show that nobody tends.
        return Layout()
