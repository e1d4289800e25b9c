import pytest


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""
