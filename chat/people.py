"""Who is what to a chat room, asked of the database at once: for one person, or for everybody.

The rules are those of `events.permissions` and of the Backstage's door, put as queries, since each message asks them;
tests/integration/chat/test_people.py holds the two against each other.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from backstage.models import BackstageSession, Participant
from chat.models import ChatMute, Message, Room
from chat.prepared import PreparedQuery, Reading, run
from events import permissions as events_permissions
from events.models import Block, Event, Membership, Registration, Stage, User
from events.permissions import RUNS_ALL_EVENTS

Key: TypeAlias = Any
"""A primary key, or an expression that is one."""


@dataclass(frozen=True)
class Standing:
    """How one person stands to a room, now."""

    organizer: bool
    registered: bool
    blocked: bool
    muted: bool
    speaker: bool
    """Was put on screen in a Backstage of the event, and not removed since."""
    backstage: bool
    """Inside one of the event's Backstages."""
    inside: bool
    """Inside the Backstage of this room; True for the room of an event, which needs none."""

    @property
    def role(self) -> Message.Role:
        return _role(organizer=self.organizer, speaker=self.speaker)


def look(room: Room, user_id: int) -> tuple[Room, Standing]:
    """The room as it is now, however old the one given is, and how the person stands to it.

    Raises ObjectDoesNotExist if the room is gone, or its event.
    """
    found, surroundings = _ROOM.reading(room=room.pk, user=user_id), _Surroundings(room)
    run(found, *surroundings.readings)
    fresh = found.get()
    surroundings.renew(fresh)
    return fresh, _standing(fresh, fresh)


class StandingsOfAll:
    """How each of these people stands to the room. `readings` have to be run first, with whatever else is asked."""

    def __init__(self, room: Room, user_ids: list[int]) -> None:
        self._surroundings = _Surroundings(room)
        self._people = _PEOPLE.reading(
            event=room.event_id, backstage=room.backstage_session_id, users=user_ids
        )
        self.readings = [self._people, *self._surroundings.readings]

    def found(self, room: Room) -> dict[int, Standing]:
        """Whoever has no account any more is not among them. Renews what the room knows of its event, too."""
        self._surroundings.renew(room)
        return {user.pk: _standing(room, user) for user in self._people.all()}


class _Surroundings:
    """The room's event and Backstage, as they are now. A room never changes them for others."""

    def __init__(self, room: Room) -> None:
        self._event = _EVENT.reading(event=room.event_id)
        self.readings: list[Reading[Any]] = [self._event]
        if backstage := room.backstage_session_id:
            self._backstage = _BACKSTAGE.reading(backstage=backstage)
            self._stage = _STAGE.reading(backstage=backstage)
            self.readings += [self._backstage, self._stage]

    def renew(self, room: Room) -> None:
        """The same room, perhaps read later."""
        room.event = self._event.get()
        if room.backstage_session_id:
            room.backstage_session = self._backstage.get()
            room.backstage_session.stage = self._stage.get()
            room.backstage_session.stage.event = room.event


def _standing(room: Room, found: Any) -> Standing:
    """`found` has the annotations."""
    return Standing(
        organizer=found.organizer,
        registered=found.registered,
        blocked=found.blocked,
        muted=found.muted,
        speaker=found.speaker,
        backstage=found.in_backstage,
        inside=found.inside or room.kind == Room.Kind.EVENT,
    )


def _seen_by(room: Key, user: Key) -> QuerySet[Room]:
    """The room, and how the person stands to it."""
    stands = _stands(OuterRef("event_id"), OuterRef("backstage_session_id"), user)
    return Room.objects.filter(pk=room).annotate(**stands)


def _as_they_stand(event: Key, backstage: Key, users: Key) -> QuerySet[User]:
    """The people, and how each stands to a room of that event and, if it is one's, of that Backstage."""
    return User.objects.filter(pk__in=users).only("pk").annotate(**_stands(event, backstage, OuterRef("pk")))


def _stands(event: Key, backstage: Key, user: Key) -> dict[str, ExpressionWrapper | Exists]:
    inside = _inside(user)
    return {
        "organizer": _organizes(event, user),
        "registered": Exists(Registration.objects.filter(event=event, user=user)),
        "blocked": Exists(Block.objects.filter(event=event, user=user)),
        "muted": Exists(ChatMute.objects.filter(event=event, user=user)),
        "speaker": _speaks(event, user),
        "in_backstage": Exists(inside.filter(backstage_session__stage__event=event)),
        "inside": Exists(inside.filter(backstage_session=backstage)),
    }


def people_of(room: Room) -> QuerySet[User]:
    """Everybody who may read here, if the room is open at all."""
    blocked = Block.objects.filter(event=room.event_id).values("user_id")
    attending = (
        Registration.objects.filter(event=room.event_id)
        .exclude(user_id__in=blocked)
        .values("user_id")
        .order_by()
    )
    if not events_permissions.is_public(room.event):
        attending = attending.none()
    # Ids first: a condition for each would be asked of everybody who has an account.
    people = User.objects.filter(
        pk__in=attending.union(
            _assigned(room.event_id).values("user_id"), _runs(room.event_id).values("user_id")
        ),
        is_active=True,
    )
    if room.backstage_session_id is None:
        return people
    return people.filter(
        pk__in=_inside(None).filter(backstage_session=room.backstage_session_id).values("user_id")
    )


def roles(event_id: int, user_ids: list[int]) -> dict[int, Message.Role]:
    """Of these people, by id."""
    found = User.objects.filter(pk__in=user_ids).annotate(
        organizer=_organizes(event_id, OuterRef("pk")), speaker=_speaks(event_id, OuterRef("pk"))
    )
    return {
        pk: _role(organizer=organizer, speaker=speaker)
        for pk, organizer, speaker in found.values_list("pk", "organizer", "speaker")
    }


def _role(*, organizer: bool, speaker: bool) -> Message.Role:
    if organizer:
        return Message.Role.ORGANIZER
    return Message.Role.SPEAKER if speaker else Message.Role.NONE


def _organizes(event: Key, user: Key) -> ExpressionWrapper:
    return ExpressionWrapper(
        Q(Exists(_assigned(event).filter(user_id=user))) | Q(Exists(_runs(event).filter(user_id=user))),
        output_field=BooleanField(),
    )


def _assigned(event: Key) -> QuerySet[Any]:
    return Event.organizers.through.objects.filter(event_id=event)


def _runs(event: Key) -> QuerySet[Membership]:
    return Membership.objects.filter(organization__events=event, role__in=RUNS_ALL_EVENTS)


def _speaks(event: Key, user: Key) -> Exists:
    return Exists(
        Participant.objects.filter(backstage_session__stage__event=event, user=user, may_return=True)
    )


def _inside(user: Key) -> QuerySet[Participant]:
    """Whoever waits at the door has `left_at`."""
    inside = Participant.objects.filter(left_at__isnull=True)
    return inside if user is None else inside.filter(user=user)


#: Asked with each message, and by each who looks whether they may still read.
_ROOM: PreparedQuery[Room] = PreparedQuery(_seen_by, room=Room._meta.pk, user=User._meta.pk)
_EVENT: PreparedQuery[Event] = PreparedQuery(
    lambda event: Event.objects.filter(pk=event), event=Event._meta.pk
)
_BACKSTAGE: PreparedQuery[BackstageSession] = PreparedQuery(
    lambda backstage: BackstageSession.objects.filter(pk=backstage), backstage=BackstageSession._meta.pk
)
_STAGE: PreparedQuery[Stage] = PreparedQuery(
    lambda backstage: Stage.objects.filter(backstage=backstage), backstage=BackstageSession._meta.pk
)
_PEOPLE: PreparedQuery[User] = PreparedQuery(
    _as_they_stand, event=Event._meta.pk, backstage=BackstageSession._meta.pk, users=User._meta.pk
)
