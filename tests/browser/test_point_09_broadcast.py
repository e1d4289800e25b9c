"""Point 9: Broadcast asks nothing; everybody backstage sees where the show is. The delay: test_show.py."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DELAY_S = 10


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_point_09_broadcast(person: Callable[..., Person]) -> None:
    olivia, sam, ada = (
        person("olivia").open_backstage(),
        person("sam").open_backstage(),
        person("ada").open_stage(),
    )
    expect(sam.button("Broadcast")).to_have_count(0)
    everybody = (olivia, sam)

    # With nobody on screen it waits, and says for what.
    olivia.press("Broadcast")
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("Going live…")
        expect(one.page.locator("#show-note")).not_to_be_empty()
        expect(one.page.locator("#show-note")).not_to_contain_text("On air in")
    olivia.share()
    for one in everybody:
        expect(one.page.locator("#show-note")).to_contain_text(re.compile(r"On air in 00:(10|0\d)"))
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("LIVE", timeout=1000 * (DELAY_S + 5))
        expect(one.page.locator("#show-time")).to_have_text(re.compile(r"00:00:\d\d"))
        expect(one.page.get_by_text("1 watching")).to_be_visible(timeout=15_000)
    ada.wait_to_see(olivia)

    stopped_ms = olivia.page.evaluate("Date.now()")
    olivia.press("Stop Broadcasting")
    for one in everybody:
        expect(one.page.locator("#show-note")).to_contain_text(
            re.compile("The audience still sees you for 00:")
        )
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("Off air", timeout=1000 * (DELAY_S + 5))
    # The Stage has shown the last seconds to their end, and nothing of what came after.
    last = max(frame.painted_ms for frame in ada.frames_of(olivia) if frame.shown)
    assert abs(last - stopped_ms) < 1500
    for one in (*everybody, ada):
        assert one.complaints == []
