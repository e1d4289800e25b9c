"""Point 13: Leave gives the tile back at once, stops what this page captures for certain, and one may return."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.screens import CAPTURING, PAINTED_SCREEN

pytestmark = pytest.mark.browser


def test_point_13_leave(person: Callable[..., Person]) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam")
    sam.context.add_init_script(PAINTED_SCREEN)
    sam.open_backstage()
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    sam.press("Share screen")
    expect(olivia.tile("Sam's screen")).to_be_visible()
    assert sam.page.evaluate(CAPTURING) == 2
    assert sam.live_tracks() == 4
    # All of it is off when the press returns, before the server has answered: the next page, or the end of this one,
    # would switch it off, too, and prove nothing.
    assert sam.page.evaluate(
        f"(document.querySelector('#leave').click(), [timecode.live(), {CAPTURING}])"
    ) == [
        0,
        0,
    ]
    expect(olivia.tile(sam.name)).to_be_hidden(timeout=2000)
    expect(olivia.tile("Sam's screen")).to_be_hidden(timeout=2000)
    sam.page.wait_for_url("**/events/**")
    expect(olivia.page.get_by_text("1 backstage")).to_be_visible(timeout=15_000)

    # Whom nobody removed need not ask again.
    sam.open_backstage()
    expect(olivia.page.get_by_text("2 backstage")).to_be_visible()
    expect(sam.button("Ask to Share Audio and Video")).to_have_count(0)
    sam.share()
    olivia.wait_to_see(sam, since_ms=olivia.page.evaluate("Date.now()"))
