"""Who may do what: each role against each question."""

from dataclasses import dataclass

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from events import permissions
from events.models import Event, Membership
from tests.factories import BlockFactory, EventFactory, MembershipFactory, RegistrationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROLES = [
    "visitor",
    "stranger",
    "attendee",
    "blocked",
    "organizer",
    "owner",
    "admin",
    "member",
    "organizer_elsewhere",
    "owner_elsewhere",
]


@dataclass
class World:
    event: Event
    people: dict[str, permissions.Person]


@pytest.fixture
def world() -> World:
    event, elsewhere = EventFactory(), EventFactory()
    people = {role: UserFactory(display_name=role) for role in ROLES[1:]}
    for role in (Membership.Role.OWNER, Membership.Role.ADMIN, Membership.Role.MEMBER):
        MembershipFactory(organization=event.organization, user=people[role.value], role=role)
    MembershipFactory(
        organization=elsewhere.organization, user=people["owner_elsewhere"], role=Membership.Role.OWNER
    )
    event.organizers.add(people["organizer"])
    elsewhere.organizers.add(people["organizer_elsewhere"])
    RegistrationFactory(event=event, user=people["attendee"])
    RegistrationFactory(event=event, user=people["blocked"])
    BlockFactory(event=event, user=people["blocked"])
    return World(event, {"visitor": AnonymousUser(), **people})


def _who(world: World, may: object) -> set[str]:
    return {role for role, person in world.people.items() if may(person)}


def test_organizers(world: World) -> None:
    for ask in (permissions.is_organizer, permissions.may_see_dashboard):
        assert _who(world, lambda person, ask=ask: ask(person, world.event)) == {
            "organizer",
            "owner",
            "admin",
        }


def test_registered_and_blocked(world: World) -> None:
    assert _who(world, lambda person: permissions.is_registered(person, world.event)) == {
        "attendee",
        "blocked",
    }
    assert _who(world, lambda person: permissions.is_blocked(person, world.event)) == {"blocked"}


def test_everybody_sees_a_published_event(world: World) -> None:
    assert _who(world, lambda person: permissions.may_see_event(person, world.event)) == set(ROLES)


def test_a_draft_is_there_for_its_organizers_only(world: World) -> None:
    world.event.status = Event.Status.DRAFT
    world.event.save()
    for ask in (permissions.may_see_event, permissions.may_attend):
        assert _who(world, lambda person, ask=ask: ask(person, world.event)) == {
            "organizer",
            "owner",
            "admin",
        }


def test_whoever_is_registered_and_not_blocked_attends_and_organizers(world: World) -> None:
    attending = _who(world, lambda person: permissions.may_attend(person, world.event))
    assert attending == {"attendee", "organizer", "owner", "admin"}


@pytest.mark.parametrize("status", Event.Status.values)
@pytest.mark.parametrize("archived", [False, True])
def test_many_asked_at_once_are_answered_as_each_would_be(world: World, status: str, archived: bool) -> None:
    world.event.status = status
    world.event.archived_at = timezone.now() if archived else None
    world.event.save()
    RegistrationFactory(event=world.event, user=world.people["member"])
    RegistrationFactory(event=EventFactory(), user=world.people["stranger"])
    BlockFactory(event=EventFactory(), user=world.people["attendee"])
    accounts = {role: person.pk for role, person in world.people.items() if person.pk}
    among = permissions.attending_among(accounts.values(), world.event)
    one_by_one = _who(world, lambda person: permissions.may_attend(person, world.event))
    assert {role for role, pk in accounts.items() if pk in among} == one_by_one
    assert permissions.attending_among([accounts["stranger"]], world.event) == set()


def test_the_organization(world: World) -> None:
    organization = world.event.organization
    seen_by = _who(world, lambda person: permissions.may_see_organization(person, organization))
    assert seen_by == {"organizer", "owner", "admin", "member"}
    for ask in (permissions.may_run_organization, permissions.may_create_event):
        assert _who(world, lambda person, ask=ask: ask(person, organization)) == {"owner", "admin"}
    members = _who(world, lambda person: permissions.is_member(person, organization))
    assert members == {"owner", "admin", "member"}
