"""Which pages may open our sockets."""

import pytest
from pytest_django import Settings

from hopin_backstage.origins import is_own


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://localhost:8001",
        "http://localhost",
        "http://127.0.0.1:8000",
        "http://sub.localhost:8000",
        "http://localhost:8000.evil.example",
        "http://[::1",
        "ws://localhost:8000",
    ],
)
def test_another_port_scheme_or_name_is_not_ours(origin: str) -> None:
    assert not is_own(origin, "localhost:8000")


def test_ours_is_ours() -> None:
    assert is_own("http://localhost:8000", "localhost:8000")
    assert is_own("https://backstage.example.com", "backstage.example.com")


def test_where_there_is_tls_plain_http_is_not_ours(settings: Settings) -> None:
    settings.HTTPS = True
    assert is_own("https://backstage.example.com", "backstage.example.com")
    assert not is_own("http://backstage.example.com", "backstage.example.com")


def test_behind_a_proxy_that_changes_the_host_trusted_ones_are_ours(settings: Settings) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://backstage.example.com", "https://*.example.org"]
    for origin in ("https://backstage.example.com", "https://one.example.org"):
        assert is_own(origin, "10.0.0.7:8000")
    for origin in (
        "http://backstage.example.com",
        "https://backstage.example.com:8443",
        "https://example.org.evil.example",
        "https://evilexample.org",
    ):
        assert not is_own(origin, "10.0.0.7:8000")
