"""Who may read a room, and why somebody may not."""

from django.utils.translation import gettext as _

from backstage import services as backstage
from backstage.models import BackstageSession
from chat import permissions
from chat.models import Room
from chat.people import Standing, look
from events import permissions as events_permissions
from events.models import Event, User
from hopin_backstage.realtime import Refused


class NotOpenYet(Refused):
    """To an organizer: the event is a draft, and its chat may open at any moment."""


def room_of_backstage(session: BackstageSession) -> Room:
    """Made on first asking."""
    return Room.objects.get_or_create(
        backstage_session=session, defaults={"kind": Room.Kind.BACKSTAGE, "event": session.stage.event}
    )[0]


def room_of_event(event: Event) -> Room:
    """Made on first asking."""
    return Room.objects.get_or_create(event=event, kind=Room.Kind.EVENT)[0]


def backstage_room(*, link_token: str, actor: User) -> Room:
    """The chat of the Backstage that the actor came into by this link. Raises Refused as `backstage.check_inside`."""
    return room_of_backstage(backstage.check_inside(link_token=link_token, actor=actor).backstage_session)


def find_event_room(*, slug: str, actor: User) -> Room:
    """The chat of an event that the actor may see; whether they may read it is another question.

    Raises Refused `event.unknown`.
    """
    event = Event.objects.filter(slug=slug).first()
    if event is None or not events_permissions.may_see_event(actor, event):
        raise _unknown()
    return room_of_event(event)


def event_room(*, slug: str, actor: User) -> Room:
    """The chat of an event. Raises Refused as `check_reading`."""
    room = find_event_room(slug=slug, actor=actor)
    check_reading(room=room, actor=actor)
    return room


def check_reading(*, room: Room, actor: User) -> tuple[Room, Standing]:
    """The room as it is now, and how the actor stands to it.

    Raises Refused: `event.unknown`, `chat.closed` (of a draft NotOpenYet), `blocked`, `not_registered`; of a Backstage,
    as coming in there does, and `not_inside`.
    """
    room, standing = look(room, actor.pk)
    if refusal := why_not(room, standing, actor):
        raise refusal
    return room, standing


def why_not(room: Room, standing: Standing, actor: User) -> Refused | None:
    """With what whoever stands so to the room is refused, as `check_reading` does; None: they may read it."""
    return None if permissions.may_read(room, standing) else _refusal(room, standing, actor)


def check_moderating(*, room: Room, actor: User) -> tuple[Room, Standing]:
    """As `check_reading`, and Refused `forbidden` for whoever is no organizer."""
    room, standing = check_reading(room=room, actor=actor)
    if not permissions.may_moderate(room, standing):
        raise forbidden()
    return room, standing


def forbidden() -> Refused:
    return Refused("forbidden", _("Only organizers can do this."))


def _refusal(room: Room, standing: Standing, actor: User) -> Refused:
    if room.backstage_session is not None:
        try:
            backstage.check_entry(session=room.backstage_session, actor=actor)
        except Refused as refusal:
            return refusal
        return backstage.not_inside()
    if not events_permissions.may_see_event(actor, room.event):
        return _unknown()
    if standing.blocked and not standing.organizer:
        return Refused(
            "blocked",
            _(
                "An organizer of this event has blocked you. Write to whoever invited you if this is a mistake."
            ),
        )
    if not permissions.is_open(room):
        kind = Refused if events_permissions.is_archived(room.event) else NotOpenYet
        return kind("chat.closed", _("The chat is open while the event is published."))
    return not_registered()


def not_registered() -> Refused:
    return Refused("not_registered", _("Register for this event first. Then you can use its chat."))


def _unknown() -> Refused:
    return Refused("event.unknown", _("There is no such event. Check the link with whoever sent it to you."))
