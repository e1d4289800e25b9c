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
        button, centre = (
            welcome.get_by_role("button", name=offered, exact=True).bounding_box(),
            one.page.get_by_role("main").bounding_box(),
        )
        assert button
        assert centre
        assert abs(button["x"] + button["width"] / 2 - centre["x"] - centre["width"] / 2) < 40, (
            "in the centre"
        )
        assert one.live_tracks() == 0, "no camera is on before anybody asked for it"
        assert one.complaints == []


def test_point_01_whoever_comes_while_somebody_is_on_screen_is_told_where_they_are(
    person: Callable[..., Person],
) -> None:
    olivia = person("olivia").open_backstage()
    olivia.share()
    expect(olivia.page.get_by_role("note")).to_be_hidden()
    sam, ken = person("sam").open_backstage(), person("ken").open_backstage()
    for one in (sam, ken):
        expect(one.tile(olivia.name)).to_be_visible()
        told = one.page.get_by_role("note")
        expect(told).to_contain_text("Attendees see nothing until an organizer presses Broadcast")
        expect(told).to_contain_text("Mute your other tabs")
    before = sam.tile(olivia.name).bounding_box()
    sam.page.get_by_role("note").get_by_role("button", name="Dismiss").click()
    expect(sam.page.get_by_role("note")).to_be_hidden()
    assert sam.tile(olivia.name).bounding_box() == before, "nothing jumps"
    sam.page.reload()
    expect(sam.tile(olivia.name)).to_be_visible()
    expect(sam.page.get_by_role("note")).to_be_hidden()

    olivia.press("Broadcast")
    expect(ken.page.get_by_role("note")).to_contain_text("attendees see whoever is on screen")
    # Stopped before anything was seen.
    olivia.press("Stop Broadcasting")
    expect(ken.page.locator("#show-note")).to_have_text("Stopped. Attendees see the first seconds shortly.")
    expect(ken.page.locator("#announcer")).to_contain_text("The broadcast was stopped.")
    for width in (1000, 360):
        ken.page.set_viewport_size({"width": width, "height": 800})
        expect(ken.page.locator("#people-number")).to_be_visible()
        expect(ken.page.locator("#people-number")).to_have_text("3")
        expect(ken.page.locator("#people-text")).to_have_text("3 backstage")
