import pytest
from django.core.cache import cache

from tests.integration.access.house import House, furnished


@pytest.fixture
def house(db: None) -> House:
    return furnished()


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """How often somebody typed their password in a test before: ids of a database that was rolled back come again."""
    cache.clear()
