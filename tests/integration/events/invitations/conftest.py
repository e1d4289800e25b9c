from collections.abc import Callable

import pytest

from events.models import Organization, User
from tests.factories import MembershipFactory, OrganizationFactory, UserFactory
from tests.integration.events.invitations.inviting import Inviting, Role


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory(name="Northwind", slug="northwind")


@pytest.fixture
def owner(organization: Organization) -> User:
    user = UserFactory(display_name="Olivia Marsh")
    return MembershipFactory(organization=organization, role=Role.OWNER, user=user).user


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Callable[..., object]) -> Callable[[], object]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def inviting(owner: User, organization: Organization, committing: Callable[[], object]) -> Inviting:
    return Inviting(owner, organization, committing)
