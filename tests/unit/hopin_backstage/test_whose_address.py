"""The address that the log says of somebody is not their own word."""

from django.test import RequestFactory
from ipware import get_client_ip
from pytest_django import Settings

FORGED = {"HTTP_X_FORWARDED_FOR": "6.6.6.6", "HTTP_X_REAL_IP": "6.6.6.6", "HTTP_FORWARDED": "for=6.6.6.6"}


def address(**headers: str) -> object:
    return get_client_ip(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **headers))[0]


def test_it_is_where_the_connection_comes_from() -> None:
    assert address() == "10.0.0.1"
    assert address(**FORGED) == "10.0.0.1"


def test_behind_a_proxy_it_is_what_that_says_alone(settings: Settings) -> None:
    settings.IPWARE_META_PRECEDENCE_ORDER = ("HTTP_X_FORWARDED_FOR", "REMOTE_ADDR")
    assert address(HTTP_X_FORWARDED_FOR="8.8.8.8") == "8.8.8.8"
    # The proxy has put it behind what somebody sent.
    assert address(HTTP_X_FORWARDED_FOR="6.6.6.6, 8.8.8.8") == "10.0.0.1"
