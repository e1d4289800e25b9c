"""Ask, on screen, broadcast, stop: with the keys alone. No mouse, and nothing is focused but by Tab."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

DELAY_S = 10
MOST_STOPS = 60

#: What shows the focus may stand on the control, on what is around it, or beside it (a radio's label).
LOOK_OF_FOCUS = """() => {
  const look = (element) => [element, element.parentElement, element.nextElementSibling]
    .filter(Boolean)
    .map((each) => {
      const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor } = getComputedStyle(each);
      return [outlineStyle, outlineStyle === "none" ? "" : outlineWidth + outlineColor, boxShadow, borderColor].join();
    });
  const before = window.lastStop;
  const now = document.activeElement;
  window.lastStop = { element: now, focused: look(now) };
  // A dialog, or its heading, is where reading begins; nothing is pressed there.
  if (!before?.element.isConnected || before.element === now || before.element.tabIndex < 0) return "";
  const isLost = look(before.element).every((line, index) => line === before.focused[index]);
  return isLost && before.element.checkVisibility() ? before.element.outerHTML.slice(0, 200) : "";
}"""


class Keys:
    """Somebody who has no mouse."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page
        self.stops: list[str] = []

    def at(self) -> str:
        """Role and name of what has the focus, as a screen reader says them; empty: nothing has it."""
        if self.page.evaluate("document.activeElement === document.body"):
            return ""
        try:
            told = self.page.locator("*:focus").aria_snapshot(timeout=1000).splitlines()[0]
        except PlaywrightTimeout:
            return ""
        match = re.match(r'- (\w+)(?: "(.*?)")?', told)
        return f"{match[1]} {match[2] or ''}".strip() if match else told

    def walk(self, to: str, key: str = "Tab") -> "Keys":
        """Presses Tab, or Shift+Tab, until `to` has the focus. At each stop one can see where one is."""
        for _stop in range(MOST_STOPS):
            here = self.at()
            self.stops.append(here)
            unseen = self.page.evaluate(LOOK_OF_FOCUS)
            assert not unseen, f"the focus cannot be seen on {unseen}"
            if here == to:
                return self
            self.page.keyboard.press(key)
        raise AssertionError(f"{to} is not reached by {key}; stops: {self.stops[-MOST_STOPS:]}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def is_somewhere(self) -> None:
        """What was pressed may be gone; the focus is not."""
        self.person.until(lambda: self.at() != "", 5, "the focus is lost to the page")


def check_devices(keys: Keys, name: str) -> None:
    keys.walk(f"button {name}").press("Enter")
    dialog = keys.page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name=name, exact=True)).to_be_enabled()
    assert keys.page.evaluate("document.querySelector('dialog[open]').contains(document.activeElement)")
    keys.walk(f"button {name}").press("Space")
    expect(dialog).to_be_hidden()
    keys.is_somewhere()


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_a_whole_show_without_a_mouse(person: Callable[..., Person]) -> None:
    olivia, sam = (Keys(person(who).open_backstage()) for who in ("olivia", "sam"))
    ada = person("ada").open_stage()
    check_devices(olivia, "Share Audio and Video")
    check_devices(sam, "Ask to Share Audio and Video")
    expect(sam.page.locator("#waiting-text")).to_be_visible()

    # Asked too early: once more, as people do.
    sam.walk("button Withdraw").press("Enter")
    expect(sam.page.locator("#waiting-text")).to_be_hidden()
    sam.is_somewhere()
    check_devices(sam, "Ask to Share Audio and Video")

    olivia.walk(f"button Put {sam.person.name} on screen").press("Enter")
    olivia.person.wait_to_see(sam.person)
    olivia.is_somewhere()
    sam.is_somewhere()

    # The ⋯ menu of a tile: arrows inside, Escape out of it, to where one came from.
    more = f"button More for {sam.person.name}"
    olivia.walk(more, "Shift+Tab").press("Enter")
    assert olivia.at() == "menuitem Mute"
    olivia.press("ArrowUp")
    olivia.press("ArrowDown")
    assert olivia.at() == "menuitem Mute"
    olivia.press("Escape")
    assert olivia.at() == more

    olivia.walk("button Broadcast").press("Space")
    expect(olivia.page.get_by_text("Going live…").first).to_be_visible()
    olivia.is_somewhere()
    ada.wait_to_see(sam.person, within_s=DELAY_S + 10)
    expect(olivia.page.get_by_text("LIVE", exact=True).first).to_be_visible()

    sam.walk("button Microphone").press("Space")
    expect(ada.tile(sam.person.name).locator(".plate__muted")).to_be_visible(timeout=1000 * DELAY_S + 5000)
    assert sam.at() == "button Microphone"
    sam.walk("button Stop sharing").press("Enter")
    sam.person.until(lambda: sam.person.live_tracks() == 0, 5, "a light stays on")
    sam.is_somewhere()

    olivia.walk("button Stop Broadcasting").press("Enter")
    expect(olivia.page.get_by_text("The audience still sees you for")).to_be_visible()
    expect(olivia.page.locator("#show-label")).to_have_text("Off air", timeout=1000 * DELAY_S + 5000)
    olivia.is_somewhere()
    for keys in (olivia, sam):
        assert keys.person.complaints == []
        keys.walk("button Leave", "Shift+Tab").press("Enter")
        expect(keys.page).not_to_have_url(re.compile("/backstage/"))
