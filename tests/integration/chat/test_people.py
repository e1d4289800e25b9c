"""Who may read a room: what the chat asks at once is what events and the Backstage say in their own words."""

from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from backstage import permissions as backstage_permissions
from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from chat import permissions, selectors, services
from chat.models import Room
from chat.people import StandingsOfAll, look, people_of
from chat.prepared import run
from events import permissions as events_permissions
from events.models import Event, Membership, Stage, User
from hopin_backstage.realtime import Refused
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.chat.conftest import Say, Somebody
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

OF_THE_EVENT = {
    "nothing": lambda user, event: None,
    "organizer": lambda user, event: event.organizers.add(user),
    "owner": lambda user, event: member(user, event, Membership.Role.OWNER),
    "admin": lambda user, event: member(user, event, Membership.Role.ADMIN),
    "member": lambda user, event: member(user, event, Membership.Role.MEMBER),
    "organizer of another": lambda user, event: EventFactory(organizers=[user]),
}


def member(user: User, event: Event, role: str) -> None:
    MembershipFactory(organization=event.organization, user=user, role=role)


def may_come_in(session: BackstageSession, user: User) -> bool:
    try:
        backstage.check_entry(session=session, actor=user)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("status", Event.Status.values)
def test_what_is_asked_at_once_says_what_all_rules_say(
    session: BackstageSession, event_room: Room, backstage_room: Room, status: str
) -> None:
    event, people = session.stage.event, []
    event.status = status
    event.save()
    for each in (event_room, backstage_room):
        each.refresh_from_db()
    for (name, give), registered, blocked, inside in product(OF_THE_EVENT.items(), *[(False, True)] * 3):
        user = UserFactory(display_name=f"{name} {registered} {blocked} {inside}")
        give(user, event)
        if registered:
            RegistrationFactory(event=event, user=user)
        if blocked:
            BlockFactory(event=event, user=user)
        Participant.objects.create(
            backstage_session=session, user=user, left_at=None if inside else timezone.now()
        )
        people.append((user, inside))
    for room in (event_room, backstage_room):
        may = {user.pk for user in people_of(room)}
        asked = StandingsOfAll(room, [user.pk for user, _inside in people])
        run(*asked.readings)
        everybody = asked.found(room)
        for user, inside in people:
            welcome = backstage_permissions.may_enter(user, event)
            assert welcome == may_come_in(session, user)
            expected = welcome and (inside or room == event_room)
            now, standing = look(room, user.pk)
            assert everybody[user.pk] == standing
            if permissions.is_open(now):
                assert permissions.may_read(now, standing) == expected, user
            else:
                assert not permissions.may_read(now, standing), user
            assert (user.pk in may) == expected, user
            assert standing.organizer == events_permissions.is_organizer(user, event)
            assert permissions.sees_what_was_seen(now, standing) == (
                permissions.may_read(now, standing) and (inside or standing.organizer)
            )


def close(session: BackstageSession, how: str) -> None:
    now = timezone.now()
    if how == "event archived":
        Event.objects.update(archived_at=now)
    elif how == "stage archived":
        Stage.objects.update(archived_at=now)
    else:
        Stage.objects.update(provider=Stage.Provider.YOUTUBE)


@pytest.mark.parametrize(
    ("how", "event_open", "backstage_open"),
    [
        ("event archived", False, False),
        ("stage archived", True, False),
        ("another provider", True, False),
    ],
)
def test_closed_rooms_are_closed_for_organizers_too(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    olivia: User,
    sam: User,
    say: Say,
    how: str,
    event_open: bool,
    backstage_open: bool,
) -> None:
    close(session, how)
    for room, is_open in ((event_room, event_open), (backstage_room, backstage_open)):
        for user in (olivia, sam):
            if is_open:
                services.check_reading(room=room, actor=user)
                continue
            for work in (
                lambda user=user, room=room: services.check_reading(room=room, actor=user),
                lambda user=user, room=room: say(user, room),
                lambda user=user, room=room: services.mark_read(actor=user, room=room, number=1),
            ):
                with pytest.raises(Refused):
                    work()


def test_in_a_draft_organizers_alone_have_the_chat_of_the_backstage(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    olivia: User,
    sam: User,
    say: Say,
) -> None:
    """Not even somebody whose row still says that they are inside."""
    Event.objects.update(status=Event.Status.DRAFT)
    for work in (
        lambda: services.check_reading(room=backstage_room, actor=sam),
        lambda: say(sam, backstage_room),
        lambda: services.backstage_room(link_token=session.link_token, actor=sam),
    ):
        assert refusal(work) == "link.dead"
    assert refusal(lambda: say(sam, event_room)) == "event.unknown"
    assert refusal(lambda: say(olivia, event_room)) == "chat.closed"
    say(olivia, backstage_room)
    backstage_room.refresh_from_db()
    assert list(people_of(backstage_room)) == [olivia]


def test_drafts_and_unknown_events_answer_alike(session: BackstageSession, olivia: User, sam: User) -> None:
    slug = session.stage.event.slug
    services.event_room(slug=slug, actor=sam)
    Event.objects.update(status=Event.Status.DRAFT)
    assert refusal(lambda: services.event_room(slug=slug, actor=sam)) == "event.unknown"
    assert refusal(lambda: services.event_room(slug="no-such-event", actor=sam)) == "event.unknown"
    assert refusal(lambda: services.event_room(slug=slug, actor=olivia)) == "chat.closed"


def test_each_who_is_kept_out_reads_why(
    session: BackstageSession,
    event_room: Room,
    backstage_room: Room,
    somebody: Somebody,
    settings: Any,
    say: Say,
) -> None:
    event = session.stage.event
    stranger, blocked, outside = UserFactory(), somebody(inside=True), somebody()
    BlockFactory(event=event, user=blocked)
    left = somebody(inside=True)
    backstage.leave(participant_id=session.participants.get(user=left).pk)
    settings.BACKSTAGE_PLACES = 0
    waiting = somebody(inside=True)
    assert session.participants.get(user=waiting).waiting_since is not None
    other_organizer = UserFactory()
    EventFactory(organizers=[other_organizer])
    elsewhere = somebody()
    backstage.enter(
        session=(other := backstage.backstage_of(StageFactory(event=event))),
        actor=elsewhere,
        link_token=other.link_token,
    )
    kept_out = {
        backstage_room: {
            stranger: "not_registered",
            blocked: "blocked",
            outside: "not_inside",
            left: "not_inside",
            waiting: "not_inside",
            other_organizer: "not_registered",
            elsewhere: "not_inside",
        },
        event_room: {stranger: "not_registered", blocked: "blocked", other_organizer: "not_registered"},
    }
    for room, people in kept_out.items():
        for user, code in people.items():
            assert refusal(lambda room=room, user=user: say(user, room)) == code
            assert (
                refusal(lambda room=room, user=user: services.mark_read(actor=user, room=room, number=1))
                == code
            )
            assert user not in people_of(room)
    assert [each.name for each in selectors.find_people(backstage_room, outside, "").people] == []


def test_a_deactivated_account_is_not_found(event_room: Room, somebody: Somebody, ada: User) -> None:
    gone = somebody("Gone Person")
    assert selectors.find_people(event_room, ada, "Gone").people
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert selectors.find_people(event_room, ada, "Gone").people == []
