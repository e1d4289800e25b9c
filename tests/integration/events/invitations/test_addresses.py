"""Whose address it is: upper and lower case are one, letters that look alike are not."""

import pytest
from allauth.account.models import EmailAddress

from events.models import Organization, User
from events.selectors import member_by_email
from tests.factories import MembershipFactory, OrganizationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def kim() -> User:
    return UserFactory(email="Kim@site.example")


@pytest.fixture
def organization(kim: User) -> Organization:
    organization: Organization = OrganizationFactory()
    MembershipFactory(organization=organization, user=kim)
    return organization


def test_a_member_is_found_by_any_address_that_is_theirs(kim: User, organization: Organization) -> None:
    EmailAddress.objects.create(user=kim, email="Kim@work.example", verified=True)
    EmailAddress.objects.create(user=kim, email="kim@hope.example", verified=False)
    for email in ("kim@site.example", "KIM@SITE.example", "kim@work.example"):
        found = member_by_email(organization, email)
        assert found is not None, email
        assert found.user == kim
    assert member_by_email(organization, "kim@hope.example") is None
    assert member_by_email(OrganizationFactory(), "kim@site.example") is None


@pytest.mark.parametrize("email", ["kim@sıte.example", "kım@work.example", "\u212aim@work.example"])
def test_a_look_alike_is_nobodys(kim: User, organization: Organization, email: str) -> None:
    """A dotless i, and the sign for kelvin: PostgreSQL, told to pass over the case, takes the first for an i."""
    EmailAddress.objects.create(user=kim, email="kim@work.example", verified=True)
    assert member_by_email(organization, email) is None
