"""A page's own JavaScript stays under 60 kB, compressed: the heaviest pages; all are in access/test_every_page.py."""

import pytest

from tests.weight import LIMIT, Served


@pytest.mark.parametrize(
    "entries",
    [
        ["moderation/organizers.js", "js/help.js"],
        ["moderation/main.js", "js/help.js"],
        ["backstage/stage.js", "chat/beside-stage.js", "js/help.js", "js/times.js"],
    ],
    ids=lambda entries: entries[0],
)
def test_a_page_weighs_less_than_60_kb(served: Served, entries: list[str]) -> None:
    assert len(served.modules(entries)) > 20
    assert served.weight_of(entries) < LIMIT
