import logging

import pytest
import structlog
from django.conf import settings

from hopin_backstage.redaction import redact

SECRET = "kT9w-3mQz_Lr7b81"


@pytest.mark.parametrize(
    "line",
    [
        f"GET /backstage/{SECRET}/",
        f"WSCONNECT /ws/backstage-media/{SECRET}/ 101",
        f"/ws/backstage-preview/{SECRET}/",
        f"/ws/moderation/{SECRET}/",
        f"/accounts/login/?next=/backstage/{SECRET}/",
        f"/accounts/login/?next=%2Fbackstage%2F{SECRET}%2F",
        f"/accounts/login/?next=%2fbackstage%2f{SECRET}%2f",
        f"/accounts/login/?next=%252Fbackstage%252F{SECRET}%252F",
        f"GET /backstage//{SECRET}/",
        f"GET /Backstage/{SECRET}/",
        f"/accounts/confirm-email/{SECRET}/",
        f"/accounts/password/reset/key/{SECRET}/",
    ],
)
def test_no_secret_of_an_address_is_left(line: str) -> None:
    assert SECRET not in redact(line)


@pytest.mark.parametrize("query", ["?search=ada%40example.com", "?a=b&q=ada@example.com&c=d"])
def test_no_address_that_was_searched_for_is_left(query: str) -> None:
    line = redact(f"GET /admin/events/user/{query} 200")
    assert "ada" not in line
    assert line.startswith("GET /admin/events/user/?")
    assert line.endswith(" 200")


@pytest.mark.parametrize("name", ["httpx", "httpcore"])
def test_libraries_that_name_whole_addresses_are_quiet(name: str) -> None:
    assert not logging.getLogger(f"{name}.anything").isEnabledFor(logging.INFO)


def test_other_words_stay() -> None:
    assert redact("GET /events/?page=2&sort=-name 200") == "GET /events/?page=2&sort=-name 200"
    assert redact("GET /events/product-day/stages/1/ 200") == "GET /events/product-day/stages/1/ 200"


def test_the_handlers_of_the_project_redact(capsys: pytest.CaptureFixture[str]) -> None:
    spec = settings.LOGGING["formatters"]["structured"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=spec["processors"], foreign_pre_chain=spec["foreign_pre_chain"]
    )
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", (f"/backstage/{SECRET}/",), None
    )
    line = formatter.format(record)
    assert "Not Found" in line
    assert SECRET not in line
