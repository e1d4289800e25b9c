"""What Janus carries: feeds that come into the places and go."""

from uuid import UUID

from backstage import selectors
from backstage.models import Participant, Slot
from backstage.services.announcing import announce_tiles, locked
from backstage.services.places import not_on_screen


def claim_place(
    *, actor: Participant, feed: int, kind: Slot.Kind = Slot.Kind.CAMERA
) -> tuple[UUID, int | None]:
    """The actor's page is about to publish `feed` into the actor's place, in place of any other page of theirs.

    A screen in the place of a camera is published as that camera was: `kind` camera finds it, too.

    Returns the place, and the feed that is in it until now. Raises Refused `publish.not_on_screen`.
    """
    with locked(actor.backstage_session_id):
        slot = selectors.place_of(actor, kind)
        if slot is None:
            raise not_on_screen()
        slot.claimed_by = feed
        slot.save(update_fields=["claimed_by"])
    return slot.id, slot.feed


def feed_started(*, slot_id: UUID, feed: int, janus_session: int, janus_handle: int) -> bool:
    """Media of a place reach Janus. Announces the tiles. False if the place was given back or claimed meanwhile."""
    return _set_feed(
        slot_id,
        {"claimed_by": feed},
        feed=feed,
        janus_session=janus_session,
        janus_handle=janus_handle,
        audio_arrives=True,
        video_arrives=True,
        weak_link=False,
    )


def feed_stopped(*, slot_id: UUID, feed: int) -> bool:
    """Media of a place no longer reach Janus. Announces the tiles. False if another feed is there already."""
    return _set_feed(slot_id, {"feed": feed}, feed=None, janus_session=None, janus_handle=None)


def _set_feed(slot_id: UUID, only_if: dict[str, int], **values: int | bool | None) -> bool:
    slot = Slot.objects.filter(pk=slot_id).first()
    if slot is None:
        return False
    with locked(slot.backstage_session_id) as session:
        if not session.slots.filter(pk=slot_id, **only_if).update(**values):
            return False
        announce_tiles(session)
    return True


def media_arrive(*, slot_id: UUID, feed: int, audio: bool, video: bool) -> None:
    """Whether packets of a place reach Janus. Announces the tiles if that changed."""
    _note(slot_id, feed, audio_arrives=audio, video_arrives=video)


def link_is(*, slot_id: UUID, feed: int, weak: bool) -> None:
    """How good the way from a person to us is. Announces the tiles if that changed."""
    _note(slot_id, feed, weak_link=weak)


def _note(slot_id: UUID, feed: int, **seen: bool) -> None:
    slot = Slot.objects.filter(pk=slot_id, feed=feed).first()
    if slot is None or all(getattr(slot, name) == value for name, value in seen.items()):
        return
    with locked(slot.backstage_session_id) as session:
        if session.slots.filter(pk=slot_id, feed=feed).update(**seen):
            announce_tiles(session)
