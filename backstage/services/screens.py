"""Sharing a screen: a place of its own, or in the place of one's camera."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from backstage import permissions, selectors
from backstage.models import BackstageSession, Movement, Participant, Slot
from backstage.services.announcing import announce_on_screen, announce_tiles, locked
from backstage.services.movements import note_movements
from backstage.services.places import not_on_screen, occupy, take_person_off
from hopin_backstage.realtime import Refused

CAMERA, SCREEN = Slot.Kind.CAMERA, Slot.Kind.SCREEN

#: A page that shared again at once, each time, could never be removed: Remove takes a screen first.
SCREEN_KEPT_OFF = timedelta(seconds=10)


def take_screen(*, actor: Participant, sound: bool, instead: bool) -> Slot:
    """The actor's screen comes on screen; twice changes nothing. Announces the tiles.

    `instead`: in the place of the actor's camera, whose feed goes on with another picture and the same microphone;
    else in a free place of its own. Raises Refused: `screen.removed`, `request.needed`, `stage.full`,
    `publish.not_on_screen`.
    """
    with locked(actor.backstage_session_id) as session:
        actor.refresh_from_db()
        held = actor.slots.filter(kind=SCREEN).first()
        if held:
            return held
        if not permissions.may_share_screen(actor):
            raise Refused("request.needed", _("Come on screen first, then share your screen."))
        if _was_just_removed(actor):
            raise Refused(
                "screen.removed",
                _("An organizer has just taken your screen off. Wait a moment, then share it."),
            )
        if instead:
            slot = _replace_camera(actor)
        else:
            if selectors.first_free_slot(session) is None:
                raise _no_place_for_screen()
            slot = occupy(
                session,
                actor,
                kind=SCREEN,
                microphone_on=sound,
                camera_on=True,
                shared_at=timezone.now(),
            )
        announce_tiles(session)
    return slot


def _was_just_removed(actor: Participant) -> bool:
    return actor.screen_removed_at is not None and timezone.now() - actor.screen_removed_at < SCREEN_KEPT_OFF


def _replace_camera(actor: Participant) -> Slot:
    slot = actor.slots.filter(kind=CAMERA).first()
    if slot is None:
        raise not_on_screen()
    slot.kind, slot.replaces_camera, slot.shared_at = SCREEN, True, timezone.now()
    slot.save(update_fields=["kind", "replaces_camera", "shared_at"])
    note_movements(Movement.Kind.SCREEN_SHARED, [actor], slot=slot.index)
    return slot


def _no_place_for_screen() -> Refused:
    return Refused(
        "stage.full",
        _(
            "All five places are taken. Share your screen instead of your camera, or wait until a place is free."
        ),
    )


def give_screen(*, actor: Participant) -> None:
    """The actor's screen is shared no longer. Announces the tiles."""
    with locked(actor.backstage_session_id) as session:
        if _end_screen(session, actor, renew_feed=False):
            announce_tiles(session)


def take_screen_off(session: BackstageSession, participant: Participant) -> bool:
    """A person's screen is removed, and kept off for a moment. Announces the tiles. Returns whether there was one.

    Whoever was on screen with nothing else is removed with it, and must ask again. A feed that carried the screen in
    the camera's place has to be published anew, so that a page which goes on sending it is not seen. The caller has
    the lock, and has asked whether it may.
    """
    if not _end_screen(session, participant, renew_feed=True):
        return False
    participant.screen_removed_at = timezone.now()
    participant.save(update_fields=["screen_removed_at"])
    if participant.slots.exists() or not take_person_off(session, participant):
        announce_tiles(session)
    return True


def _end_screen(session: BackstageSession, participant: Participant, *, renew_feed: bool) -> bool:
    """Announces nothing."""
    slot = participant.slots.filter(kind=SCREEN).first()
    if slot is None:
        return False
    note_movements(Movement.Kind.SCREEN_ENDED, [participant], slot=slot.index)
    if not slot.replaces_camera:
        slot.delete()
        announce_on_screen(participant)
        return True
    slot.kind, slot.replaces_camera, slot.shared_at = CAMERA, False, None
    if renew_feed:
        slot.feed = slot.claimed_by = slot.janus_session = slot.janus_handle = None
    slot.save()
    return True
