from collections.abc import Iterator

import pytest

from tests.servers.webs import Webs


@pytest.fixture(scope="module")
def webs() -> Iterator[Webs]:
    """Two web processes with the room of tests/servers/room.py; each module has its own."""
    with Webs(count=2, people=12) as running:
        yield running
