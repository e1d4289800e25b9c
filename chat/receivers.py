"""What the chat does when an event says that something happened."""

from typing import Any

from django.dispatch import receiver

from chat.models import Room
from events.models import Event
from events.signals import access_narrowed, access_widened
from hopin_backstage.realtime import groups, publish
from hopin_backstage.realtime.access import AccessChanged


@receiver([access_narrowed, access_widened])
def ask_again(sender: object, event: Event, **kwargs: Any) -> None:
    """On commit, whoever reads a chat of the event, or waits for it to open, asks anew whether they may."""
    for room_id in Room.objects.filter(event=event).values_list("pk", flat=True):
        publish(groups.chat(room_id), AccessChanged())
        publish(groups.chat_from_backstage(room_id), AccessChanged())
