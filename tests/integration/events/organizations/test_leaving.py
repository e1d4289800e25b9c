"""Leaving and being removed, and that one owner stays."""

from functools import partial

import pytest

from backstage.actions import Action
from events import permissions, services
from events.models import Organization
from moderation.models import AuditEntry
from tests.at_once import at_once
from tests.factories import EventFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page, role_of
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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

    def step_down(number: int) -> None:
        user = owners[number]
        if number % 3 == 0:
            services.add_member(actor=user, organization=organization, user=user, role=Role.ADMIN)
        elif number % 3 == 1:
            services.remove_member(actor=user, organization=organization, user=user)
        else:
            services.delete_account(actor=user)

    answers = at_once(*(partial(step_down, number) for number in range(6)))
    assert answers.count(None) == 5
    [refused] = [answer for answer in answers if answer]
    assert refused.endswith(".last_owner")
    assert organization.memberships.filter(role=Role.OWNER).count() == 1
