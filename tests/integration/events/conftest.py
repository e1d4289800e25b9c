import pytest
from django.test import Client

from events.models import User


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""


class SignIn:
    """`sign_in(user)` is a browser in which that person is signed in."""

    def __call__(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client


@pytest.fixture
def sign_in() -> SignIn:
    return SignIn()
