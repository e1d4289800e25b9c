import pytest

from events.models import Organization
from tests.factories import OrganizationFactory


@pytest.fixture
def organization() -> Organization:
    return OrganizationFactory(name="Northwind", slug="northwind")
