"""Making, naming and leaving organizations; who belongs to them, and that one owner stays."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.forms import modelform_factory as model_to_form
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from backstage.actions import Action
from events import permissions, services
from events.models import Membership, Organization, User
from events.services.organizations import MOST_OWNED, NAME_LENGTH, SLUG_LENGTH
from hopin_backstage.realtime import Refused
from moderation.models import AuditEntry
from tests.factories import EventFactory, MembershipFactory, OrganizationFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Role = Membership.Role


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory(name="Northwind", slug="northwind")


def member(organization: Organization, role: str = Role.MEMBER, **fields: object) -> User:
    return MembershipFactory(organization=organization, role=role, user=UserFactory(**fields)).user


def role_of(user: User, organization: Organization) -> str | None:
    return organization.memberships.filter(user=user).values_list("role", flat=True).first()


def page(name: str, organization: Organization, *more: object) -> str:
    return reverse(f"events:{name}", args=[organization.slug, *more])


# --- Making and naming -----------------------------------------------------------------------------------------------
def test_whoever_makes_an_organization_owns_it(sign_in: SignIn) -> None:
    user = UserFactory()
    client = sign_in(user)
    assert reverse("events:create_organization") in html(client.get("/"))
    response = client.post(reverse("events:create_organization"), {"name": "  Café\u202e  Größe "})
    made = Organization.objects.get()
    assert (made.name, made.slug) == ("Café Größe", "cafe-groe")
    assert response.headers["Location"] == page("organization", made)
    assert role_of(user, made) == Role.OWNER
    shown = html(client.get(page("organization", made)))
    assert "Café Größe is yours." in shown
    assert "Nothing coming up" in shown
    assert reverse("events:create_organization") in shown


@pytest.mark.parametrize("name", ["", "   ", "\u202e\u200b", "x" * (NAME_LENGTH + 1)])
def test_an_organization_needs_a_name(sign_in: SignIn, name: str) -> None:
    answered = html(sign_in(UserFactory()).post(reverse("events:create_organization"), {"name": name}))
    assert 'id="id_name_error"' in answered
    assert not Organization.objects.exists()
    with pytest.raises(Refused) as refused:
        services.create_organization(actor=UserFactory(), name=name)
    assert refused.value.code == "organization.name"


def test_one_person_makes_so_many_and_is_told_so(sign_in: SignIn) -> None:
    user, address = UserFactory(), reverse("events:create_organization")
    MembershipFactory.create_batch(MOST_OWNED - 1, user=user, role=Role.OWNER)
    # Of those where somebody else decides there may be any number.
    MembershipFactory.create_batch(3, user=user, role=Role.ADMIN)
    client = sign_in(user)
    assert "is yours." in html(client.post(address, {"name": "The last"}, follow=True))
    answered = html(client.post(address, {"name": "One more"}))
    assert "You own 20 organizations already." in answered
    assert 'value="One more"' in answered
    assert not Organization.objects.filter(name="One more").exists()


def test_the_bounds_are_the_models() -> None:
    fields = model_to_form(Organization, fields=["name", "slug"]).base_fields
    assert fields["name"].max_length == NAME_LENGTH
    assert fields["slug"].max_length == SLUG_LENGTH


def test_no_organization_stands_in_the_way_of_new_ones(sign_in: SignIn) -> None:
    user = UserFactory()
    first, second = (services.create_organization(actor=user, name="New") for _ in range(2))
    assert len({first.slug, second.slug, "new"}) == 3
    for made in (first, second):
        assert "Nothing coming up" in html(sign_in(user).get(page("organization", made)))


def test_owners_and_admins_rename_and_links_go_on_working(
    organization: Organization, sign_in: SignIn
) -> None:
    admin = member(organization, Role.ADMIN)
    address = page("rename_organization", organization)
    client = sign_in(admin)
    assert 'value="Northwind"' in html(client.get(address))
    answered = html(client.post(address, {"name": "Southwind"}, follow=True))
    assert "The new name is saved." in answered
    organization.refresh_from_db()
    assert (organization.name, organization.slug) == ("Southwind", "northwind")


def test_nobody_else_renames(organization: Organization, client: Client, sign_in: SignIn) -> None:
    address = page("rename_organization", organization)
    organizer = UserFactory()
    EventFactory(organization=organization, organizers=[organizer])
    for person in (member(organization), organizer, UserFactory()):
        browser = sign_in(person)
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"name": "Mine"}).status_code == 404
        with pytest.raises(Refused) as refused:
            services.rename_organization(actor=person, organization=organization, name="Mine")
        assert refused.value.code == "organization.not_yours"
    assert client.post(address, {"name": "Mine"}).headers["Location"].startswith("/accounts/login/")
    organization.refresh_from_db()
    assert organization.name == "Northwind"


# --- The list of members ---------------------------------------------------------------------------------------------
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


# --- Roles -----------------------------------------------------------------------------------------------------------
def test_a_role_is_changed_on_the_page(organization: Organization, sign_in: SignIn) -> None:
    ada = member(organization, display_name="Ada")
    client = sign_in(member(organization, Role.OWNER))
    answered = html(client.post(page("change_role", organization, ada.pk), {"role": "admin"}, follow=True))
    assert "Ada: Admin from now on." in answered
    assert permissions.may_run_organization(ada, organization)


@pytest.mark.parametrize("role", ["owner", "emperor", ""])
def test_an_admin_cannot_give_what_is_not_theirs_to_give(
    organization: Organization, sign_in: SignIn, role: str
) -> None:
    ada = member(organization)
    admin = member(organization, Role.ADMIN)
    member(organization, Role.OWNER)
    answered = html(
        sign_in(admin).post(page("change_role", organization, ada.pk), {"role": role}, follow=True)
    )
    assert "You cannot give this role." in answered
    assert role_of(ada, organization) == Role.MEMBER
    with pytest.raises(Refused):
        services.change_role(actor=admin, organization=organization, user=ada, role=role)


def test_an_admin_touches_no_owner(organization: Organization, sign_in: SignIn) -> None:
    owner, _other = member(organization, Role.OWNER), member(organization, Role.OWNER)
    client = sign_in(member(organization, Role.ADMIN))
    for address, data in (
        (page("change_role", organization, owner.pk), {"role": "member"}),
        (page("remove_member", organization, owner.pk), {}),
    ):
        assert "Only an owner can make or unmake owners." in html(client.post(address, data, follow=True))
    assert role_of(owner, organization) == Role.OWNER


def test_members_change_nobody(organization: Organization, sign_in: SignIn) -> None:
    ada, tom = member(organization), member(organization)
    client = sign_in(tom)
    client.post(page("change_role", organization, tom.pk), {"role": "admin", "sure": "1"})
    assert client.post(page("remove_member", organization, ada.pk)).status_code == 404
    assert client.get(page("remove_member", organization, ada.pk)).status_code == 404
    for work in (services.remove_member, partial(services.change_role, role=Role.ADMIN)):
        with pytest.raises(Refused) as refused:
            work(actor=tom, organization=organization, user=ada)
        assert refused.value.code == "organization.not_yours"
    assert role_of(tom, organization) == Role.MEMBER
    assert role_of(ada, organization) == Role.MEMBER


def test_nobody_is_made_a_member_by_a_role(organization: Organization, sign_in: SignIn) -> None:
    owner, stranger = member(organization, Role.OWNER), UserFactory()
    assert (
        sign_in(owner).post(page("change_role", organization, stranger.pk), {"role": "member"}).status_code
        == 404
    )
    with pytest.raises(Refused) as refused:
        services.change_role(actor=owner, organization=organization, user=stranger, role="member")
    assert refused.value.code == "organization.no_member"
    assert role_of(stranger, organization) is None


def test_giving_up_ones_own_role_is_asked_once(organization: Organization, sign_in: SignIn) -> None:
    owner, _other = member(organization, Role.OWNER), member(organization, Role.OWNER)
    client = sign_in(owner)
    address = page("change_role", organization, owner.pk)
    asked = html(client.post(address, {"role": "member"}))
    assert "Your role in Northwind will be: Member." in asked
    assert role_of(owner, organization) == Role.OWNER
    client.post(address, {"role": "member", "sure": "1"})
    assert role_of(owner, organization) == Role.MEMBER


# --- Leaving ---------------------------------------------------------------------------------------------------------
def test_one_is_removed_with_ones_assignments_after_one_question(
    organization: Organization, sign_in: SignIn
) -> None:
    ada = member(organization, display_name="Ada")
    event = EventFactory(organization=organization, organizers=[ada])
    elsewhere = EventFactory(organizers=[ada])
    client = sign_in(member(organization, Role.ADMIN))
    address = page("remove_member", organization, ada.pk)
    assert "Remove Ada?" in html(client.get(address))
    assert role_of(ada, organization)
    answered = html(client.post(address, follow=True))
    assert "Ada no longer belongs to Northwind." in answered
    assert not permissions.is_organizer(ada, event)
    assert permissions.is_organizer(ada, elsewhere)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.event, entry.target_name) == (Action.ORGANIZER_REMOVED, event, "Ada")
    assert sign_in(ada).get(page("organization", organization)).status_code == 404


def test_one_leaves_after_one_question(organization: Organization, sign_in: SignIn) -> None:
    ada = member(organization)
    client = sign_in(ada)
    address = page("remove_member", organization, ada.pk)
    assert "Leave Northwind?" in html(client.get(address))
    answered = html(client.post(address, follow=True))
    assert "You have left Northwind." in answered
    assert role_of(ada, organization) is None


@pytest.mark.parametrize("way", ["remove_member", "change_role"])
def test_the_last_owner_stays(organization: Organization, sign_in: SignIn, way: str) -> None:
    owner, _admin = member(organization, Role.OWNER), member(organization, Role.ADMIN)
    answered = html(
        sign_in(owner).post(page(way, organization, owner.pk), {"role": "admin", "sure": "1"}, follow=True)
    )
    assert "Make somebody else an owner first. One has to stay." in answered
    assert role_of(owner, organization) == Role.OWNER


def test_the_last_owner_is_not_offered_to_leave(organization: Organization, sign_in: SignIn) -> None:
    owner, admin = member(organization, Role.OWNER), member(organization, Role.ADMIN)
    client, members = sign_in(owner), page("members", organization)
    leave = page("remove_member", organization, owner.pk)
    shown = html(client.get(members))
    assert "you can leave once somebody else is an owner" in shown
    assert leave not in shown
    assert client.get(leave).headers["Location"] == members
    shown_to_admin = html(sign_in(admin).get(members))
    assert "Leave the organization" in shown_to_admin
    assert "you can leave once" not in shown_to_admin
    services.change_role(actor=owner, organization=organization, user=admin, role=Role.OWNER)
    assert leave in html(client.get(members))
    assert "Leave Northwind?" in html(client.get(leave))


def test_removing_somebody_who_is_gone_is_no_mistake(organization: Organization) -> None:
    owner, stranger = member(organization, Role.OWNER), UserFactory()
    services.remove_member(actor=owner, organization=organization, user=stranger)
    assert organization.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_of_owners_who_step_down_at_once_one_stays(organization: Organization, round_: int) -> None:
    owners = [member(organization, Role.OWNER) for _ in range(6)]

    def step_down(number: int) -> str:
        user = owners[number]
        try:
            if number % 3 == 0:
                services.add_member(actor=user, organization=organization, user=user, role=Role.ADMIN)
            elif number % 3 == 1:
                services.remove_member(actor=user, organization=organization, user=user)
            else:
                services.delete_account(actor=user)
        except Refused as refusal:
            return refusal.code.split(".")[1]
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=6) as pool:
        answers = sorted(pool.map(step_down, range(6)))
    assert answers.count("done") == 5
    assert answers.count("last_owner") == 1
    assert organization.memberships.filter(role=Role.OWNER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_last_that_one_may_make_is_made_once() -> None:
    user = UserFactory()
    MembershipFactory.create_batch(MOST_OWNED - 1, user=user, role=Role.OWNER)

    def make(number: int) -> str:
        try:
            services.create_organization(actor=user, name=f"Number {number}")
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(max_workers=4) as pool:
        answers = sorted(pool.map(make, range(4)))
    assert answers == ["done", *["organization.too_many"] * 3]


# --- The page of an organization ------------------------------------------------------------------------------------
def test_events_that_were_put_away_are_listed_apart(organization: Organization, sign_in: SignIn) -> None:
    owner, ada = member(organization, Role.OWNER), member(organization)
    EventFactory(organization=organization, name="Put away", archived_at=timezone.now(), organizers=[ada])
    EventFactory(organization=organization, name="Running")
    shown = html(sign_in(owner).get(page("organization", organization)))
    assert shown.index("Running") < shown.index(">Archived<") < shown.index("Put away")
    assert page("create_event", organization) in shown
    hers = html(sign_in(ada).get(page("organization", organization)))
    assert "Put away" in hers
    assert "Running" not in hers
    assert page("create_event", organization) not in hers
