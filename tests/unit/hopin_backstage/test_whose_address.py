"""The address that the log says of somebody is not their own word."""

import pytest
from allauth.account.adapter import get_adapter
from django.http import HttpRequest
from django.test import RequestFactory
from ipware import get_client_ip
from pytest_django import Settings
from rest_framework.throttling import BaseThrottle

PROXY = "10.0.0.1"
FORGED = {"HTTP_X_FORWARDED_FOR": "6.6.6.6", "HTTP_X_REAL_IP": "6.6.6.6", "HTTP_FORWARDED": "for=6.6.6.6"}


def request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=PROXY, **headers)


def address(**headers: str) -> object:
    return get_client_ip(request(**headers))[0]


@pytest.fixture
def behind_proxy(settings: Settings) -> None:
    """As BEHIND_PROXY sets them."""
    settings.IPWARE_META_PRECEDENCE_ORDER = ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "NUM_PROXIES": 1}


def test_it_is_where_the_connection_comes_from() -> None:
    assert address() == PROXY
    assert address(**FORGED) == PROXY


@pytest.mark.usefixtures("behind_proxy")
@pytest.mark.parametrize(
    "sent", ["", "6.6.6.6", "10.9.9.9", "nonsense", "6.6.6.6, 7.7.7.7", "6.6.6.6, 10.0.0.2"]
)
def test_behind_a_proxy_it_is_the_one_that_the_proxy_put_last(sent: str) -> None:
    came = request(HTTP_X_FORWARDED_FOR=", ".join(filter(None, [sent, "8.8.8.8"])))
    assert get_client_ip(came)[0] == "8.8.8.8"
    # Whoever limits guessing and asking counts the same person.
    assert get_adapter().get_client_ip(came) == "8.8.8.8"
    assert BaseThrottle().get_ident(came) == "8.8.8.8"


@pytest.mark.usefixtures("behind_proxy")
def test_without_a_word_of_the_proxy_it_is_the_proxy() -> None:
    """Somebody who asks from inside, past it."""
    assert address() == PROXY
