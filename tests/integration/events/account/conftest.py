from pathlib import Path

import pytest
from pytest_django import Settings

from events.models import User
from tests.factories import UserFactory
from tests.integration.events.test_accounts import confirmed


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ada() -> User:
    return confirmed(UserFactory(display_name="Ada Kovač", email="ada@example.com"))
