"""Places on screen: taking one, giving it back, and what its tile says of microphone and camera."""

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from backstage import permissions, selectors
from backstage.models import BackstageSession, Movement, Participant, Slot
from backstage.services.announcing import announce_me, announce_on_screen, announce_tiles, locked
from backstage.services.movements import note_movements
from backstage.signals import came_on_screen
from events.models import Event, User
from hopin_backstage.realtime import Refused


def take_place(*, actor: Participant, microphone: bool, camera: bool) -> Slot:
    """The actor comes on screen by themselves. Raises Refused: `request.needed`, `stage.full`."""
    with locked(actor.backstage_session_id):
        actor.refresh_from_db()
        if not permissions.may_take_place(actor):
            raise Refused("request.needed", _("Ask to share first. An organizer can then put you on screen."))
        return put_on_screen(participant=actor, microphone=microphone, camera=camera)


def put_on_screen(*, participant: Participant, microphone: bool, camera: bool) -> Slot:
    """Gives a person the first free place; twice changes nothing. Announces the tiles.

    The caller has asked whether it may. Raises Refused: `stage.full`, `person.gone`.
    """
    with locked(participant.backstage_session_id) as session:
        held = selectors.place_of(participant, Slot.Kind.CAMERA)
        if held:
            return held
        participant.refresh_from_db(fields=["left_at", "muted", "may_return"])
        if participant.left_at is not None:
            raise Refused("person.gone", _("This person has left the Backstage."))
        slot = occupy(
            session,
            participant,
            kind=Slot.Kind.CAMERA,
            microphone_on=microphone and not participant.muted,
            camera_on=camera,
        )
        participant.may_return = True
        participant.save(update_fields=["may_return"])
        announce_me(session, participant)
        announce_tiles(session)
    return slot


def occupy(session: BackstageSession, participant: Participant, *, kind: Slot.Kind, **values: object) -> Slot:
    """The first free place; moderation ends a request that still waits. Raises Refused `stage.full`.

    Concurrent callers queue at the Backstage's row; should that lock ever fail to hold, the unique constraint on
    the place does.
    """
    free = selectors.first_free_slot(session)
    if free is None:
        raise stage_full()
    try:
        with transaction.atomic():
            slot = Slot.objects.create(
                backstage_session=session, participant=participant, index=free, kind=kind, **values
            )
    except IntegrityError as error:
        raise stage_full() from error
    shared = kind == Slot.Kind.SCREEN
    note_movements(
        Movement.Kind.SCREEN_SHARED if shared else Movement.Kind.ON_SCREEN, [participant], slot=free
    )
    came_on_screen.send(sender=Participant, participant=participant)
    announce_on_screen(participant)
    return slot


def vacate(session: BackstageSession, people: Collection[Participant]) -> bool:
    """Gives all places of these people back. Announces the tiles if there were any. Needs the lock."""
    held = session.slots.filter(participant__in=people)
    owners = set(held.values_list("participant_id", flat=True))
    if not owners:
        return False
    held.delete()
    gone = [person for person in people if person.pk in owners]
    note_movements(Movement.Kind.OFF_SCREEN, gone)
    for person in gone:
        announce_on_screen(person)
    announce_tiles(session)
    return True


def stage_full() -> Refused:
    return Refused(
        "stage.full", _("Five people are on screen. Remove one first, or wait until a place is free.")
    )


def give_place(*, actor: Participant) -> None:
    """The actor leaves the screen and may return without asking. Announces the tiles."""
    with locked(actor.backstage_session_id) as session:
        vacate(session, [actor])


def take_person_off(session: BackstageSession, participant: Participant) -> bool:
    """A person is removed from the screen and must ask again. Announces the tiles. Returns whether they were on it.

    The caller has the lock, and has asked whether it may.
    """
    participant.may_return = False
    participant.save(update_fields=["may_return"])
    announce_me(session, participant)
    return vacate(session, [participant])


def set_muted(session: BackstageSession, participant: Participant, *, muted: bool) -> None:
    """A person is not heard until this is lifted, whatever their browser sends; lifting it switches no microphone on.

    Announces the tiles. The caller has the lock, and has asked whether it may.
    """
    participant.muted = muted
    participant.save(update_fields=["muted"])
    if muted:
        selectors.camera_places(participant).update(microphone_on=False)
    announce_me(session, participant)
    announce_tiles(session)


def set_devices(*, actor: Participant, microphone: bool, camera: bool) -> None:
    """The actor switched a device on or off. Announces the tiles.

    Raises Refused: `publish.not_on_screen`, `muted`.
    """
    with locked(actor.backstage_session_id) as session:
        slot = selectors.place_of(actor, Slot.Kind.CAMERA)
        if slot is None:
            raise not_on_screen()
        actor.refresh_from_db(fields=["muted"])
        if microphone and actor.muted:
            raise Refused("muted", _("An organizer has muted you. You can unmute when they allow it."))
        if (slot.microphone_on, slot.camera_on) == (microphone, camera):
            return
        slot.microphone_on, slot.camera_on = microphone, camera
        slot.save(update_fields=["microphone_on", "camera_on"])
        announce_tiles(session)


def not_on_screen() -> Refused:
    return Refused("publish.not_on_screen", _("You are not on screen. An organizer can put you there."))


def note_asking(*participant_ids: UUID, asking: bool) -> None:
    """Whether requests of these people wait: then their places are kept longer. Inside moderation's transaction."""
    Participant.objects.filter(pk__in=participant_ids).update(is_asking=asking)


def forget_return(*, event: Event, user: User) -> None:
    """Whoever is blocked must ask again if they are ever let in. Tells nobody: their visits end."""
    Participant.objects.filter(backstage_session__stage__event=event, user=user).update(may_return=False)
