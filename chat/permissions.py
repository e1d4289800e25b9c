"""Who may do what in a chat room: pure predicates over how a person stands to it."""

from datetime import datetime, timedelta

from backstage import selectors as backstage
from chat.models import Message, Room
from chat.people import Standing
from events import permissions as events_permissions
from events.models import User

#: For so long authors may delete what they wrote.
OWN_DELETABLE_FOR = timedelta(minutes=5)


def is_open(room: Room) -> bool:
    """That of an event while it is public; that of a Backstage while this can be used, in a draft by organizers."""
    if room.backstage_session is not None:
        return backstage.is_open(room.backstage_session)
    return events_permissions.is_public(room.event)


def may_read(room: Room, standing: Standing) -> bool:
    attends = events_permissions.is_public(room.event) and standing.registered and not standing.blocked
    return is_open(room) and (standing.organizer or attends) and standing.inside


def may_moderate(room: Room, standing: Standing) -> bool:
    """Delete any message, mute people."""
    return may_read(room, standing) and standing.organizer


def is_muted(standing: Standing) -> bool:
    """A mute ends for whoever becomes an organizer."""
    return standing.muted and not standing.organizer


def sees_what_was_seen(room: Room, standing: Standing) -> bool:
    """How the time of writing lies to what the audience saw: told to people backstage, and organizers."""
    return may_read(room, standing) and (standing.organizer or standing.backstage)


def is_fresh(message: Message, now: datetime) -> bool:
    """Young enough for its author to delete it."""
    return now - message.created_at <= OWN_DELETABLE_FOR


def may_delete(room: Room, standing: Standing, user: User, message: Message, now: datetime) -> bool:
    own = message.author_id == user.pk and is_fresh(message, now)
    return may_read(room, standing) and (own or standing.organizer)
