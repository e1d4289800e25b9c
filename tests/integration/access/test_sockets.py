"""Every socket and everybody, in the running product. The Backstage's own socket comes first, as on the page."""

import asyncio
from itertools import count

import pytest

from tests.integration.access import matrix, routes
from tests.integration.access.house import ROLES
from tests.integration.backstage.line import Line, line
from tests.servers.product import Product

SOCKETS = matrix.rows("sockets.txt")
INSIDE = "ws/backstage/<str:link_token>/"
numbers = count(1)


def sessions_by_role(number: int) -> tuple[dict[str, str], dict[str, str]]:
    """Runs in the product's process: addresses by how routing.py writes them, and session cookies by role."""
    from django.test import Client

    from tests.integration.access import house as houses

    house = houses.build(f"sockets-{number}")
    known = houses.arguments(house, "socket")
    addresses = {path: _filled(path, known) for path in routes.socket_paths()}
    sessions = {}
    for role, person in house.people.items():
        if person is not None:
            client = Client()
            client.force_login(person)
            sessions[role] = client.cookies["sessionid"].value
    return addresses, sessions


def _filled(path: str, known: dict[str, object]) -> str:
    for name, value in known.items():
        for converter in ("str", "uuid", "slug"):
            path = path.replace(f"<{converter}:{name}>", str(value))
    assert "<" not in path, "an argument that house.arguments does not know"
    return f"/{path}"


def test_every_socket_has_a_row() -> None:
    assert {path for _, path in SOCKETS} == set(routes.socket_paths())


@pytest.mark.janus
async def test_who_gets_in(product: Product) -> None:
    addresses, sessions = product.django(sessions_by_role, next(numbers))
    found: dict[str, dict[str, str]] = {path: {} for _, path in SOCKETS}
    for role in ROLES:
        cookie = sessions.get(role)
        async with line(product, addresses[INSIDE], cookie) as backstage:
            found[INSIDE][role] = await outcome(backstage)
            for path in found:
                if path != INSIDE:
                    async with line(product, addresses[path], cookie) as other:
                        found[path][role] = await outcome(other)
    assert found == {path: row for (_, path), row in SOCKETS.items()}


async def outcome(line: Line) -> str:
    """Inside, a command gets its answer; whoever may not come in gets one sentence, and the close."""
    asked = asyncio.create_task(line.command("matrix.asks"))
    ended = asyncio.create_task(line.ended())
    await asyncio.wait({asked, ended}, return_when=asyncio.FIRST_COMPLETED)
    if asked.done() and not asked.exception():
        ended.cancel()
        assert asked.result()["code"] == "unknown_command"
        return "yes"
    asked.cancel()
    assert await ended in (4401, 4403)
    assert [message["type"] for message in line.heard] == ["error"]
    return "no"
