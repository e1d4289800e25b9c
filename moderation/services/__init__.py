"""Every write of moderation. Each is one transaction, and announces itself when that is committed.

queue.py      what everybody is told of the requests that wait
asking.py     a person asks; answering.py  an organizer answers
removing.py   off the screen; muting.py  not to be heard; blocking.py  out of the event
people.py     whom an organizer means
"""

from moderation.services.answering import accept, decline, dequeue
from moderation.services.asking import (
    MOST_ASKS_A_MINUTE,
    ask,
    end_request_on_screen,
    note_preflight,
    withdraw,
)
from moderation.services.blocking import block
from moderation.services.muting import mute
from moderation.services.queue import end_requests_of
from moderation.services.removing import empty_tile, remove_from_screen

__all__ = [
    "MOST_ASKS_A_MINUTE",
    "accept",
    "ask",
    "block",
    "decline",
    "dequeue",
    "empty_tile",
    "end_request_on_screen",
    "end_requests_of",
    "mute",
    "note_preflight",
    "remove_from_screen",
    "withdraw",
]
