"""Point 13: Leave gives the tile back at once, and stops camera and microphone for certain."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser


def test_point_13_leave(person: Callable[..., Person]) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam").open_backstage()
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    assert sam.live_tracks() == 2
    # The page that is left takes its instruments with it, so it writes down what was on in that moment.
    sam.page.evaluate("addEventListener('pagehide', () => localStorage.setItem('live', timecode.live()))")
    sam.press("Leave")
    expect(olivia.tile(sam.name)).to_be_hidden(timeout=2000)
    sam.page.wait_for_url("**/events/**")
    assert sam.page.evaluate("localStorage.getItem('live')") == "0"
    expect(olivia.page.get_by_text("1 backstage")).to_be_visible(timeout=15_000)
