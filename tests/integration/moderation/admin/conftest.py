import pytest
from django.test import Client

from tests.factories import UserFactory
from tests.integration.browsers import SignIn


@pytest.fixture
def support(sign_in: SignIn) -> Client:
    return sign_in(UserFactory(is_staff=True, is_superuser=True))
