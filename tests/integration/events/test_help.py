"""Every page has Help: the support address (a setting), a reference that support can look up, hints for speakers."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.integration.access import matrix
from tests.integration.access.house import House, furnished

pytestmark = pytest.mark.django_db
ADDRESS = "help@conference.example"
#: Of those who see different pages: dashboards, the Stage, what turns somebody away.
ROLES = ("visitor", "stranger", "registered", "blocked", "owner")


@pytest.fixture
def house(db: None) -> House:
    return furnished()


def expect_help(page: str, path: str) -> None:
    assert page.count('id="help"') == 1, path
    assert f"mailto:{ADDRESS}" in page, path
    for hint in ("current Chrome or Firefox", "headphones", "other tabs"):
        assert hint in page, (path, hint)


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SUPPORT_EMAIL = ADDRESS


def read(client: Client, path: str) -> str:
    return client.get(path, follow=True).content.decode()


@pytest.mark.parametrize("role", ROLES)
def test_every_page_has_help(house: House, client: Client, role: str) -> None:
    """Also one that turns somebody away. The admin is support's own."""
    found = set()
    for path in matrix.addresses_of_pages(house):
        # Each time: some pages sign one out.
        if person := house.people[role]:
            client.force_login(person)
        response = client.get(path, follow=True)
        if response["Content-Type"].startswith("text/html"):
            expect_help(response.content.decode(), path)
            found.add(path)
    assert len(found) > 40


def test_the_reference_stands_in_the_log(
    client: Client, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    page = read(client, reverse("account_login"))
    reference = re.search(r"Your reference:\s*<code>([0-9a-f]{8})</code>", page)
    assert reference
    said = (
        caplog.text + "".join(capsys.readouterr()) + "".join(str(vars(record)) for record in caplog.records)
    )
    assert reference[1] in said
