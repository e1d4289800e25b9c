"""Who belongs to an organization as what, and the addresses of its pages."""

from django.urls import reverse

from events.models import Membership, Organization, User
from tests.factories import MembershipFactory, UserFactory

Role = Membership.Role


def member(organization: Organization, role: str = Role.MEMBER, **fields: object) -> User:
    return MembershipFactory(organization=organization, role=role, user=UserFactory(**fields)).user


def role_of(user: User, organization: Organization) -> str | None:
    return organization.memberships.filter(user=user).values_list("role", flat=True).first()


def page(name: str, organization: Organization, *more: object) -> str:
    return reverse(f"events:{name}", args=[organization.slug, *more])
