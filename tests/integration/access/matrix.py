"""Who gets in where: pages.txt and sockets.txt. A route without a row fails the test, and a row without a route, too.

`yes`: the page, or the work behind it, is reached. `login`: sent to sign in (an API: 401). `on`: sent elsewhere, since
there is something to do first. `no`: 403 or 404. `refused`: the work itself said no.

Sockets behind the Backstage's own are asked while that one is open, as on the page. Not in the tables: the admin, whose
pages are all support's alone, and what allauth's forms answer to a POST.
"""

from pathlib import Path

from django.urls import reverse

from tests.integration.access import routes
from tests.integration.access.house import ROLES, House, arguments

#: Of the admin's own pages, all alike.
ADMIN = "admin:"


def rows(name: str) -> dict[tuple[str, str], dict[str, str]]:
    """By method (empty for a socket) and route: what each role gets."""
    head, *lines = Path(__file__).with_name(name).read_text().strip().splitlines()
    assert tuple(head.split()) == ROLES
    found = {}
    for line in lines:
        *method, name = line.split()[: -len(ROLES)]
        found[method[0] if method else "", name] = dict(zip(ROLES, line.split()[-len(ROLES) :], strict=True))
    return found


def addresses_of_pages(house: House) -> list[str]:
    """Of all that is read by GET, and one where nothing is. Photos are files."""
    read = [name for method, name in rows("pages.txt") if method == "GET" and not name.startswith("media/")]
    return ["/no/such/page", *(address_of(house, name) for name in read)]


def address_of(house: House, name: str) -> str:
    parameters = next(route.parameters for route in routes.pages() if route.name == name)
    known = arguments(house, name)
    # A route without a name of its own is written in the table as it stands in urls.py.
    if name.startswith("media/"):
        return f"/media/{known['path']}"
    given = {key: known[key] for key in parameters}
    return "/api/v1/nothing-here/" if name == "api:" else reverse(name, kwargs=given)
