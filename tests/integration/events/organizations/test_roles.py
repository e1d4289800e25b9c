"""Who gives which role to whom."""

from functools import partial

import pytest

from events import permissions, services
from events.models import Organization
from hopin_backstage.realtime import Refused
from tests.factories import UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.organizations.belonging import Role, member, page, role_of
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
