from pathlib import Path

import pytest
from pytest_django import Settings

from tests.integration.browsers import SignIn


@pytest.fixture
def pages_without_collectstatic(settings: Settings) -> None:
    """Names of static files as they are in the source; and passwords that are quick to make."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # WhiteNoise warns where collectstatic has not been, and warnings are errors here.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn()
