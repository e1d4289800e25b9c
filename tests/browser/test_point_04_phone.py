"""The Moderation panel on a phone: for a finger, and over nobody's face."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.panel import put_guests_on_screen
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

PHONE = {"width": 390, "height": 844}
#: CSS pixels, where a finger presses.
FINGER = 44


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def test_point_04_on_a_phone_menus_keep_off_their_person_and_fit_a_finger(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia = person("olivia", viewport=PHONE, has_touch=True).open_backstage()
    on_screen = put_guests_on_screen(product, scene, olivia, 5)
    sam = person("sam").open_backstage()
    sam.ask()
    waiting = olivia.page.locator(".waiting")
    about = {name: olivia.tile(name) for name in on_screen} | {sam.name: waiting}
    menu = olivia.page.get_by_role("menu")
    for name, element in about.items():
        more = element.get_by_role("button", name=f"More for {name}")
        more.tap()
        covers, person_box = menu.bounding_box(), element.bounding_box()
        assert covers
        assert person_box
        assert not overlap(covers, person_box), f"the menu covers {name}"
        for item in menu.get_by_role("menuitem").all():
            box = item.bounding_box()
            assert box
            assert box["height"] >= FINGER
        olivia.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    # Nor does the sign of what the audience sees lie over a name.
    sign = olivia.page.locator(".audience").bounding_box()
    assert sign
    for name in on_screen:
        plate = olivia.tile(name).locator(".plate").bounding_box()
        assert plate
        assert not overlap(sign, plate), f"{name} cannot be read"
    for button in (
        waiting.locator("[data-accept]"),
        waiting.locator("[data-more]"),
        olivia.page.locator("#chime"),
        olivia.page.locator("#audience-fold"),
    ):
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= FINGER
    # What hovering shows to others, a finger opens.
    waiting.get_by_role("button", name=f"More for {sam.name}").tap()
    olivia.page.get_by_role("menuitem", name="Details").tap()
    details = olivia.page.get_by_role("dialog", name=sam.name)
    expect(details).to_contain_text("Heard", timeout=10_000)
