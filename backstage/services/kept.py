"""How long what a person has outlasts a lost line."""

from datetime import timedelta

from django.utils import timezone

from backstage.models import Participant

#: A place on screen, a role, a mute and a request.
PLACE_KEPT = timedelta(seconds=60)

#: The seat of somebody who only watches, and a place in the line at the door. With the presence's own time to end, a
#: browser that dies without a word gives it back within 30 seconds. Longer than a presence takes to be renewed, so
#: that a Redis that starts empty empties no house.
SEAT_KEPT = timedelta(seconds=8)


def is_over(participant: Participant) -> bool:
    """Whether a person has been away for longer than what they had is kept."""
    if participant.away_since is None:
        return False
    kept = PLACE_KEPT if has_something(participant) else SEAT_KEPT
    return timezone.now() - participant.away_since > kept


def has_something(participant: Participant) -> bool:
    """On screen, or in the queue. `has_slot`, where a query has annotated it, saves one for each person."""
    has_slot = getattr(participant, "has_slot", None)
    return participant.is_asking or (participant.slots.exists() if has_slot is None else has_slot)
