"""A page's own JavaScript stays under 60 kB, compressed: the heaviest pages; all are in access/test_every_page.py."""

from pathlib import Path

import pytest

from tests.sources import PROJECT
from tests.weight import LIMIT, modules, weight_of


@pytest.mark.parametrize(
    "entries",
    [
        ["moderation/static/moderation/organizers.js"],
        ["moderation/static/moderation/main.js"],
        ["backstage/static/backstage/stage.js", "chat/static/chat/beside-stage.js"],
    ],
    ids=lambda entries: Path(entries[0]).stem,
)
def test_a_page_weighs_less_than_60_kb(entries: list[str]) -> None:
    paths = [PROJECT / entry for entry in entries]
    assert len(modules(paths)) > 20
    assert weight_of(paths) < LIMIT
