"""The list of members: who sees it, and what of the others."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from events import services
from events.models import Membership, Organization, User
from tests.factories import EventFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page
from tests.integration.events.test_pages import html, words

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_members_see_who_belongs_to_it_and_no_addresses(organization: Organization, sign_in: SignIn) -> None:
    member(organization, Role.OWNER, display_name="Olivia", email="olivia@example.com")
    services.invite(
        actor=organization.memberships.get().user,
        organization=organization,
        email="guest@example.com",
        address_of=str,
    )
    shown = html(sign_in(member(organization)).get(page("members", organization)))
    assert "Olivia" in shown
    for hidden in (
        "olivia@example.com",
        "guest@example.com",
        "Send invitation",
        "Role of Olivia",
        "/remove/x",
    ):
        assert hidden not in shown
    assert "Leave the organization" in shown


def test_strangers_and_organizers_of_one_event_do_not(
    organization: Organization, client: Client, sign_in: SignIn
) -> None:
    member(organization, Role.OWNER, display_name="Olivia")
    organizer = UserFactory()
    EventFactory(organization=organization, organizers=[organizer])
    address = page("members", organization)
    for person in (organizer, UserFactory()):
        for response in (sign_in(person).get(address), sign_in(person).post(address, {})):
            assert response.status_code == 404
            assert "Olivia" not in html(response)
    assert address not in html(sign_in(organizer).get(page("organization", organization)))
    assert client.get(address).status_code == 302


def test_owners_come_first_and_may_be_changed_by_owners_only(
    organization: Organization, sign_in: SignIn
) -> None:
    member(organization, display_name="Aaron")
    member(organization, Role.OWNER, display_name="Zoe")
    shown = html(
        sign_in(member(organization, Role.ADMIN, display_name="Mia")).get(page("members", organization))
    )
    shown = shown.split('id="members-title"')[1]
    assert shown.index("Zoe") < shown.index("Mia") < shown.index("Aaron")
    assert "Role of Aaron" in shown
    assert "Role of Zoe" not in shown
    assert 'value="owner"' not in shown


def test_each_stands_there_with_a_role_and_whoever_is_invited_below(
    organization: Organization, sign_in: SignIn
) -> None:
    owner = member(organization, Role.OWNER, display_name="Olivia")
    member(organization, Role.ADMIN, display_name="Mia")
    aaron = member(organization, display_name="Aaron")
    services.invite(
        actor=owner, organization=organization, email="guest@example.com", role=Role.ADMIN, address_of=str
    )
    read = html(sign_in(aaron).get(page("members", organization)))
    assert re.findall(r'row__name">\s*(\w+).*?<p class="muted">(\w+)</p>', read, re.DOTALL) == [
        ("Olivia", "Owner"),
        ("Mia", "Admin"),
        ("Aaron", "Member"),
    ]
    members, invited = html(sign_in(owner).get(page("members", organization))).split('id="invitations-title"')
    assert re.findall(r'"Role of (\w+)">.*?<option value="\w+" selected>(\w+)<', members, re.DOTALL) == [
        ("Olivia", "Owner"),
        ("Mia", "Admin"),
        ("Aaron", "Member"),
    ]
    assert "guest@example.com Admin · works for" in words(invited)


@pytest.mark.parametrize("size", [1, 15])
def test_the_list_costs_the_same_however_long_it_is(
    organization: Organization,
    sign_in: SignIn,
    django_assert_num_queries: DjangoAssertNumQueries,
    size: int,
) -> None:
    owner = member(organization, Role.OWNER)
    for number in range(size):
        member(organization)
        services.invite(
            actor=owner, organization=organization, email=f"a{number}@example.com", address_of=str
        )
    client = sign_in(owner)
    # One of them counts the members, for the pages.
    with django_assert_num_queries(11):
        client.get(page("members", organization))


def test_sixty_members_are_two_pages_and_each_is_found_by_name(
    organization: Organization, sign_in: SignIn
) -> None:
    owner = sign_in(member(organization, Role.OWNER, display_name="Zoe"))
    users = User.objects.bulk_create(
        User(email=f"a{number:02}@members.example", display_name=f"Ann {number:02}") for number in range(60)
    )
    Membership.objects.bulk_create(Membership(organization=organization, user=user) for user in users)

    def named(client: Client, **asked: str) -> set[str]:
        shown = html(client.get(page("members", organization), asked))
        return set(re.findall(r'class="row__name">\s*(\w+(?: \d\d)?)', shown))

    first, second = named(owner), named(owner, page="2")
    assert (len(first), len(second)) == (50, 11)
    assert first | second == {"Zoe", *(user.display_name for user in users)}
    assert named(owner, search="ann 07") == named(owner, search="a07@members") == {"Ann 07"}
    assert named(owner, search="nobody") == set()
    # Whoever sees no addresses finds nobody by them.
    theirs = Client()
    theirs.force_login(users[3])
    assert named(theirs, search="ann 07") == {"Ann 07"}
    assert named(theirs, search="a07@members") == set()
