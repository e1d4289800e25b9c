"""Who owns an organization."""

import pytest

from events import services
from events.models import Membership
from tests.factories import UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_who_makes_an_organization_owns_it() -> None:
    actor = UserFactory()
    first = services.create_organization(actor=actor, name="Northwind Events")
    second = services.create_organization(actor=actor, name="Northwind Events")
    assert first.slug != second.slug
    assert first.memberships.get().role == Membership.Role.OWNER


def test_a_name_without_letters_of_an_address_gets_one_all_the_same() -> None:
    made = services.create_organization(actor=UserFactory(), name="日本")
    assert made.slug.startswith("event-")


def test_only_owners_make_owners_and_one_stays() -> None:
    owner, admin, user = UserFactory(), UserFactory(), UserFactory()
    organization = services.create_organization(actor=owner, name="Northwind")
    services.add_member(actor=owner, organization=organization, user=admin, role=Membership.Role.ADMIN)
    services.add_member(actor=admin, organization=organization, user=user)
    change = services.add_member
    assert (
        refusal(lambda: change(actor=admin, organization=organization, user=user, role=Membership.Role.OWNER))
        == "organization.owners_only"
    )
    assert (
        refusal(
            lambda: change(actor=admin, organization=organization, user=owner, role=Membership.Role.MEMBER)
        )
        == "organization.owners_only"
    )
    assert (
        refusal(
            lambda: change(actor=owner, organization=organization, user=owner, role=Membership.Role.MEMBER)
        )
        == "organization.last_owner"
    )
    assert (
        refusal(lambda: change(actor=user, organization=organization, user=user)) == "organization.not_yours"
    )
    roles = dict(organization.memberships.values_list("user__pk", "role"))
    assert roles == {owner.pk: "owner", admin.pk: "admin", user.pk: "member"}
