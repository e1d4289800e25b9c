import pytest

from tests.integration.access.house import House, furnished


@pytest.fixture
def house(db: None) -> House:
    return furnished()
