"""Point 1: the welcome screen says what this place is, and offers each the right way on."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser


def test_point_01_welcome(person: Callable[..., Person]) -> None:
    for who, offered, other in (
        ("olivia", "Share Audio and Video", "Ask to Share Audio and Video"),
        ("sam", "Ask to Share Audio and Video", "Share Audio and Video"),
    ):
        one = person(who).open_backstage()
        welcome = one.page.get_by_role("region", name="Welcome to the Backstage")
        expect(welcome.get_by_role("button", name=offered, exact=True)).to_be_enabled()
        expect(one.button(other)).to_have_count(0)
        expect(welcome).to_contain_text("Attendees see nothing until an organizer presses Broadcast")
        expect(welcome).to_contain_text("Mute your other tabs")
        button, page = (
            welcome.get_by_role("button", name=offered, exact=True).bounding_box(),
            one.page.viewport_size,
        )
        assert button
        assert page
        assert abs(button["x"] + button["width"] / 2 - page["width"] / 2) < 40, "in the centre"
        assert one.live_tracks() == 0, "no camera is on before anybody asked for it"
        assert one.complaints == []
