"""Every write of the chat. Each is one transaction, and announces itself when that is committed.

access.py      who may read here
announcing.py  one writer at a time for each room, and what everybody is told
writing.py     sending, one message or many at once
deleting.py    taking back
muting.py      who may not write
reading.py     how far somebody has read
"""

from chat.services.access import (
    NotOpenYet,
    backstage_room,
    check_moderating,
    check_reading,
    event_room,
    find_event_room,
    room_of_backstage,
    room_of_event,
)
from chat.services.deleting import delete
from chat.services.muting import mute
from chat.services.reading import mark_read
from chat.services.writing import Outcome, Post, send, send_all

__all__ = [
    "NotOpenYet",
    "Outcome",
    "Post",
    "backstage_room",
    "check_moderating",
    "check_reading",
    "delete",
    "event_room",
    "find_event_room",
    "mark_read",
    "mute",
    "room_of_backstage",
    "room_of_event",
    "send",
    "send_all",
]
