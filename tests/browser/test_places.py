"""Everything in the Backstage stands where one looks for it, on a laptop and on a phone, and fits into every window."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
#: The narrowest and the widest, a phone, and where the layout changes.
WIDTHS = (360, 390, 720, 1080, 2560)
#: CSS pixels.
TOP_BAR, FINGER, NEARLY = 64, 44, 40
WHERE = {
    "state": "#show",
    "people": ".room__people",
    "leave": "#leave",
    "tile": "[data-tile]:not([hidden])",
    "moderation": ".moderation",
    "controls": "#my-controls",
}
#: What one reads or presses and does not see whole.
STICKS_OUT = """() => [...document.querySelectorAll("button, a, input, textarea, h1, h2, [data-tile], .pill, .count")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }))
  .map((element) => [element.outerHTML.slice(0, 100), element.getBoundingClientRect()])
  .filter(([, { left, right, width }]) => width > 1 && (left < -0.5 || right > innerWidth + 0.5))
  .map(([html]) => html)"""


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def box(one: Person, selector: str) -> Box:
    found = one.page.locator(selector).first.bounding_box()
    assert found, selector
    return Box(found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"])


def boxes(one: Person, window: dict[str, int], *, chat: str) -> dict[str, Box]:
    """All of them inside the window, and none over another. `chat`: what of it is always to be seen."""
    one.page.set_viewport_size({"width": window["width"], "height": window["height"]})
    found = {name: box(one, selector) for name, selector in (WHERE | {"chat": chat}).items()}
    for name, each in found.items():
        assert each.left >= 0, name
        assert each.top >= 0, name
        assert each.right <= window["width"], name
        assert each.bottom <= window["height"], name
    for (name, each), (other_name, other) in combinations(found.items(), 2):
        apart = (
            each.right <= other.left
            or other.right <= each.left
            or each.bottom <= other.top
            or other.bottom <= each.top
        )
        assert apart, f"{name} lies over {other_name}"
    return found


def test_everything_has_its_place_and_fits(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    olivia.share()
    sam.ask()
    expect(olivia.button(f"Put {sam.name} on screen")).to_be_visible()
    expect(sam.page.get_by_role("region", name="Moderation")).to_have_count(0)

    at = boxes(olivia, LAPTOP, chat="#chat")
    assert at["state"].middle[0] < LAPTOP["width"] / 4
    for name in ("state", "people", "leave"):
        assert at[name].bottom < TOP_BAR, f"{name}: at the top"
    for name in ("people", "leave"):
        assert at[name].left > LAPTOP["width"] * 3 / 4, f"{name}: at the right"
    assert at["people"].right < at["leave"].left
    centre = box(olivia, "main")
    assert centre.right <= at["chat"].left
    assert at["chat"].right == LAPTOP["width"]
    for name in ("tile", "controls"):
        assert abs(at[name].middle[0] - centre.middle[0]) < NEARLY, f"{name}: in the middle"
    for name in ("moderation", "controls"):
        assert at[name].top > at["tile"].bottom, f"{name}: at the bottom"
        assert at[name].top > LAPTOP["height"] * 3 / 4, f"{name}: at the bottom"
    assert at["moderation"].right < at["controls"].left
    assert at["moderation"].left < NEARLY

    at = boxes(olivia, PHONE, chat="#chat .chat__head")
    assert at["state"].left < PHONE["width"] / 4
    assert at["state"].right < at["people"].left < at["people"].right < at["leave"].left
    for name in ("state", "people", "leave"):
        assert at[name].bottom <= TOP_BAR, f"{name}: at the top"
    rows = [at[name] for name in ("tile", "moderation", "controls", "chat")]
    assert [each.top for each in rows] == sorted(each.top for each in rows)
    assert at["tile"].right - at["tile"].left > 0.9 * PHONE["width"], "faces are as wide as the phone"
    for button in olivia.page.locator(
        "#my-controls button:visible, .mine__show button:visible, #leave"
    ).all():
        pressed = button.bounding_box()
        assert pressed
        assert min(pressed["width"], pressed["height"]) >= FINGER

    # With all that the controls of a show need.
    olivia.press("Broadcast")
    expect(olivia.button("Cut now")).to_be_visible()
    for one in (olivia, sam):
        for width in WIDTHS:
            one.page.set_viewport_size({"width": width, "height": 800})
            assert one.page.evaluate("document.documentElement.scrollWidth") <= width, width
            assert one.page.evaluate(STICKS_OUT) == [], f"{one.name} at {width}"
