from time import time

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    """What people did in a test before: the ids of a database that was rolled back come again."""
    cache.clear()


@pytest.fixture(autouse=True)
def _no_hour_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paces are counted in windows of the clock, and one may begin in the middle of a test."""
    now = time()
    monkeypatch.setattr("events.services.pacing.time", lambda: now)
