from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from events.models import User


@pytest.fixture(autouse=True)
def _pages_without_collectstatic(settings: Settings) -> None:
    """Names of static files as they are in the source; and passwords that are quick to make."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # WhiteNoise warns where collectstatic has not been, and warnings are errors here.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class SignIn:
    """`sign_in(user)` is a browser in which that person is signed in."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn()
