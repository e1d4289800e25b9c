"""Who has which place on screen, and which are free."""

from uuid import UUID

from django.db.models import Q, QuerySet

from backstage.models import SLOTS, BackstageSession, Participant, Slot

#: A camera, or the screen that stands in the place of one.
IN_CAMERA_PLACE = Q(kind=Slot.Kind.CAMERA) | Q(replaces_camera=True)


def slots_of(session: BackstageSession) -> list[Slot]:
    """The taken places, in the order of their slots."""
    return list(session.slots.select_related("participant__user").order_by("index"))


def place_of(participant: Participant, kind: Slot.Kind) -> Slot | None:
    """Where the camera of a person inside is (also while a screen is in its place), or the screen beside it."""
    inside = Slot.objects.filter(participant=participant, participant__left_at__isnull=True)
    return inside.filter(IN_CAMERA_PLACE if kind == Slot.Kind.CAMERA else ~IN_CAMERA_PLACE).first()


def camera_places(participant: Participant) -> QuerySet[Slot]:
    """None or one: where the microphone of a person is heard, not the sound of their screen."""
    return participant.slots.filter(IN_CAMERA_PLACE)


def first_free_slot(session: BackstageSession) -> int | None:
    """Its index, 1 to 5."""
    taken = set(session.slots.values_list("index", flat=True))
    return next((index for index in range(1, SLOTS + 1) if index not in taken), None)


def large_slot(slots: list[Slot]) -> Slot | None:
    """The newest screen, if there is one."""
    screens = [slot for slot in slots if slot.kind == Slot.Kind.SCREEN]
    return max(screens, key=lambda slot: (slot.shared_at or slot.taken_at, slot.index), default=None)


def place(slot_id: UUID) -> Slot | None:
    """A place on screen; None if it was given back."""
    return Slot.objects.filter(pk=slot_id).first()
