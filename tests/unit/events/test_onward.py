"""Where somebody may be sent after signing in or registering: this very site, and nowhere else."""

import pytest
from django.test import RequestFactory

from events.accounts import is_own_url


@pytest.mark.parametrize("url", ["/backstage/abc/", "/events/x/?a=1#b", "http://testserver/events/x/"])
def test_a_page_of_this_site(url: str) -> None:
    assert is_own_url(RequestFactory().get("/"), url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://testserver@evil.example/",
        "http://testserver.evil.example/",
        "http://localhost/",
        "\x08//evil.example",
    ],
)
def test_anywhere_else(url: str) -> None:
    assert not is_own_url(RequestFactory().get("/"), url)


def test_over_https_nobody_is_sent_back_to_http() -> None:
    request = RequestFactory().get("/", secure=True)
    assert not is_own_url(request, "http://testserver/events/x/")
    assert is_own_url(request, "https://testserver/events/x/")
