"""How far somebody has read."""

from django.db import transaction

from chat.messages import ReadElsewhere
from chat.models import ReadMark, Room
from chat.services.access import check_reading
from events.models import User
from hopin_backstage.realtime import groups, publish


@transaction.atomic
def mark_read(*, actor: User, room: Room, number: int) -> int:
    """The actor has read up to this number; never less than before, nor more than there is. Returns how far.

    Tells the actor's pages of this room. Raises Refused as `check_reading`.
    """
    room, _standing = check_reading(room=room, actor=actor)
    number = min(number, room.last_number)
    mark, new = ReadMark.objects.get_or_create(room=room, user=actor, defaults={"number": number})
    if not new and mark.number >= number:
        return mark.number
    # The condition again, since another page of the person may be a step ahead.
    ReadMark.objects.filter(pk=mark.pk, number__lt=number).update(number=number)
    publish(groups.chat_person(room.pk, actor.pk), ReadElsewhere(read_up_to=number))
    return number
