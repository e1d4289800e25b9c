"""Point 8: everybody with the link who is not on screen sees and hears the tiles."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser


def test_point_08_watching(person: Callable[..., Person]) -> None:
    ken, olivia, sam = (person(who).open_backstage() for who in ("ken", "olivia", "sam"))
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    late = person("rosa").open_backstage()
    for watcher in (ken, late):
        for slot, other in enumerate((olivia, sam), start=1):
            frames = watcher.wait_to_see(other)
            assert {frame.slot for frame in frames} == {slot}
            watcher.wait_to_hear(str(2 * slot - 2))
        assert watcher.live_tracks() == 0
        expect(watcher.page.get_by_text("4 backstage")).to_be_visible()
        assert watcher.complaints == []
