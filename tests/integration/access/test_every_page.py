"""What holds of every page, whoever reads it: nothing is inline, no script holds it up, and it weighs little."""

import re
from dataclasses import dataclass

import pytest
from django.test import Client

from tests.integration.access import matrix
from tests.integration.access.house import House, furnished
from tests.weight import LIMIT, Served

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]

#: They see different pages: what turns somebody away, the Stage, the dashboard with its Backstage.
ROLES = ("visitor", "registered", "blocked", "owner")
#: All else would be read from elsewhere, or from the page itself.
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self' blob:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "manifest-src 'self'",
}
INLINE = re.compile(
    r"""<[^>]*\s(?:on\w+|style)=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)|href="javascript:"""
)
SCRIPT = re.compile(r"<script\b([^>]*)>")
#: What a library brings to its own page.
LIBRARIES = "drf_spectacular_sidecar/"


@dataclass(frozen=True)
class Page:
    path: str
    """Where all ways on ended."""
    policy: str
    text: str


#: By role, as they were read for the first test that wanted them.
_read: dict[str, list[Page]] = {}


@pytest.fixture(params=ROLES)
def pages(db: None, request: pytest.FixtureRequest) -> list[Page]:
    """All that somebody gets, whichever way they ask."""
    if request.param not in _read:
        house = furnished()
        _read[request.param] = [
            page for path in matrix.addresses_of_pages(house) if (page := read(house, request.param, path))
        ]
    return _read[request.param]


def read(house: House, role: str, path: str) -> Page | None:
    """By a browser of its own: some pages sign one out. None: it is no page."""
    client = Client()
    if person := house.people[role]:
        client.force_login(person)
    response = client.get(path, follow=True)
    if not response["Content-Type"].startswith("text/html"):
        return None
    return Page(response.request["PATH_INFO"], response["Content-Security-Policy"], response.content.decode())


def test_nothing_is_inline(pages: list[Page]) -> None:
    for page in pages:
        assert {part.strip() for part in page.policy.split(";") if part.strip()} == POLICY, page.path
        assert INLINE.findall(page.text) == [], page.path
    assert len({page.path for page in pages}) > 12


def test_no_script_holds_up_the_first_paint(pages: list[Page]) -> None:
    for page in pages:
        scripts = [one for one in SCRIPT.findall(page.text) if "application/json" not in one]
        # Both kinds are run when the page is there.
        assert [one for one in scripts if 'type="module"' not in one and " defer" not in one] == [], page.path
        assert re.search(r"<h[12]\b", page.text), f"{page.path} has nothing to show without its scripts"


def test_a_pages_own_scripts_weigh_less_than_60_kb(pages: list[Page], served: Served) -> None:
    by_scripts = {own_scripts(page): page.path for page in pages}
    assert any(by_scripts)
    for scripts, path in by_scripts.items():
        assert served.weight_of(scripts) < LIMIT, path


def own_scripts(page: Page) -> frozenset[str]:
    """By their addresses below /static/."""
    return frozenset(
        address
        for address in re.findall(r'<script[^>]*\ssrc="/static/([^"]+)"', page.text)
        if not address.startswith(LIBRARIES)
    )


#: The rooms in which faces are the brightest thing; and what stands at their door.
DARK = re.compile(r"^/backstage/|^/events/[^/]+/stages/[^/]+/$")


def test_two_rooms_and_no_third(pages: list[Page]) -> None:
    for page in pages:
        theme = re.search(r'<html\b[^>]*data-theme="(\w+)"', page.text)
        assert theme, page.path
        assert theme[1] == ("dark" if DARK.match(page.path) else "light"), page.path
