"""Point 7, my own controls: by mouse and keys, and an organizer's Mute that this page cannot undo."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.asking import use_here
from tests.browser.axe import expect_accessible
from tests.browser.lines import take_lines
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

IS_FULL = "document.fullscreenElement !== null"
ON_BODY = "document.activeElement === document.body"
#: To a screen reader, politely.
NOTE_WHAT_IS_SAID = """window.said = [];
  new MutationObserver((changes) =>
    changes.forEach(({ addedNodes }) => addedNodes.forEach(({ textContent }) => said.push(textContent))),
  ).observe(document.querySelector("#announcer"), { childList: true });"""
MICROPHONE_OPEN = "timecode.streams.at(-1).getAudioTracks()[0].enabled"


def test_point_07_keys_work_are_listed_and_can_be_switched_off(person: Callable[..., Person]) -> None:
    sam = person("sam").open_backstage()
    sam.ask()
    expect(sam.page.locator("#self-view")).to_be_visible()
    sam.page.keyboard.press("m")
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "false")
    sam.page.keyboard.press("v")
    expect(sam.button("Camera")).to_have_attribute("aria-pressed", "false")
    expect(sam.page.locator("#self-view")).to_be_hidden()
    expect(sam.button("Share screen")).to_be_hidden()
    sam.page.keyboard.press("?")
    keys = sam.page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("Share your screen, or stop it")
    expect(keys.get_by_text("Delete", exact=True)).to_have_count(0)
    keys.get_by_label("Use the keys M, V, S and F").uncheck()
    keys.get_by_role("button", name="Close").click()
    sam.page.keyboard.press("m")
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "false")


def test_point_07_whoever_watches_has_the_full_screen_and_menus_and_alarms_are_seen_in_it(
    person: Callable[..., Person],
) -> None:
    olivia, sam, ken = (person(who).open_backstage() for who in ("olivia", "sam", "ken"))
    sam.ask()
    olivia.put_on_screen(sam)
    ken.wait_to_see(sam)
    ken.page.keyboard.press("f")
    ken.until(lambda: ken.page.evaluate(IS_FULL), 5, "not full")
    expect(ken.button("Leave")).to_be_hidden()
    expect(ken.button("Full screen")).to_have_attribute("aria-pressed", "true")
    ken.press("Full screen")
    ken.until(lambda: not ken.page.evaluate(IS_FULL), 5, "still full")
    expect(ken.button("Full screen")).to_be_focused()

    olivia.press("Full screen")
    olivia.until(lambda: olivia.page.evaluate(IS_FULL), 5, "not full")
    more = olivia.tile(sam.name).get_by_role("button", name=f"More for {sam.name}")
    more.click()
    menu = olivia.page.get_by_role("menu", name=f"More for {sam.name}")
    expect(menu).to_be_visible()
    box = menu.bounding_box()
    assert box
    assert olivia.page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('#menu') !== null",
        [box["x"] + box["width"] / 2, box["y"] + 20],
    )
    olivia.page.keyboard.press("Escape")
    expect(more).to_be_focused()

    # The tile goes, and the focus with it no further than to what is there.
    sam.press("Stop sharing")
    expect(olivia.tile(sam.name)).to_be_hidden()
    olivia.until(lambda: not olivia.page.evaluate(ON_BODY), 5, "the focus is lost to the page")
    expect(sam.button("Share Audio and Video").first).to_be_focused()


def test_point_07_an_organizers_mute_switches_the_microphone_off_for_certain(
    person: Callable[..., Person],
) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "true")
    olivia.tile(sam.name).get_by_role("button", name="More for Sam Barnes").click()
    olivia.page.get_by_role("menuitem", name="Mute").click()
    microphone = sam.button("Microphone")
    expect(microphone).to_be_disabled()
    expect(sam.page.locator("#my-hint")).to_have_text(
        "Muted by the organizer. You can unmute when they allow it."
    )
    sam.page.evaluate(NOTE_WHAT_IS_SAID)
    sam.page.keyboard.press("m")
    sam.page.keyboard.press("v")
    sam.page.keyboard.press("m")
    assert sam.page.evaluate(MICROPHONE_OPEN) is False
    muted = "Muted by the organizer. You can unmute when they allow it."
    assert sam.page.evaluate("said") == [muted, "Camera off", muted], "each is said, and the same one again"
    expect(sam.page.locator("#announcer")).to_have_text(muted)
    olivia.tile(sam.name).get_by_role("button", name="More for Sam Barnes").click()
    olivia.page.get_by_role("menuitem").first.click()
    expect(microphone).to_be_enabled()
    expect(microphone).to_have_attribute("aria-pressed", "false")
    expect(sam.page.locator("#my-hint")).to_have_text(
        "You may unmute yourself again. Your microphone is still off."
    )
    assert sam.page.evaluate(MICROPHONE_OPEN) is False
    microphone.click()
    assert sam.page.evaluate(MICROPHONE_OPEN) is True
    expect(sam.page.locator("#my-hint")).to_be_hidden()


def test_point_07_what_is_switched_while_the_line_is_lost_is_said_when_it_is_back(
    person: Callable[..., Person],
) -> None:
    olivia, ken = person("olivia"), person("ken").open_backstage()
    take_lines(olivia)
    olivia.open_backstage()
    olivia.share()
    ken.wait_to_see(olivia)
    muted = ken.tile(olivia.name).locator(".plate__muted")
    expect(muted).to_be_hidden()
    olivia.page.evaluate(
        """() => {
          lines.on("backstage").close();
          document.querySelector("#my-microphone").click();
          document.querySelector("#my-camera").click();
        }"""
    )
    expect(muted).to_be_visible()
    expect(ken.tile(olivia.name)).to_have_attribute("data-picture", "false")
    expect(olivia.page.locator("#toasts")).to_be_empty()


def test_point_07_camera_and_microphone_move_to_where_they_are_wanted(person: Callable[..., Person]) -> None:
    olivia, ken, laptop = (person(who).open_backstage() for who in ("olivia", "ken", "sam"))
    laptop.ask()
    olivia.put_on_screen(laptop)
    ken.wait_to_see(laptop)
    muted = ken.tile(laptop.name).locator(".plate__muted")
    expect(muted).to_be_hidden()
    laptop.page.keyboard.press("m")
    expect(muted).to_be_visible()
    other = person("sam").open_backstage()
    expect(other.page.get_by_text("You are on screen in another window.")).to_be_visible()
    assert other.live_tracks() == 0
    expect_accessible(other.page)
    use_here(other)
    other.until(lambda: other.live_tracks() == 2, 5, "not opened here")
    # What was off is off here, too.
    expect(other.button("Microphone")).to_have_attribute("aria-pressed", "false")
    laptop.until(lambda: laptop.live_tracks() == 0, 10, "a light stays on there")
    ken.wait_to_see(other, since_ms=ken.page.evaluate("Date.now()"))
    # And from where nothing is sent one can stop it.
    laptop.press("Stop sharing")
    expect(ken.tile(other.name)).to_be_hidden()
    other.until(lambda: other.live_tracks() == 0, 5, "a light stays on")


def test_point_07_devices_that_could_not_be_started_again(person: Callable[..., Person]) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam")
    sam.context.add_init_script(
        """const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = async (wanted) => {
          if (sessionStorage.getItem("busy")) throw new DOMException("", "NotReadableError");
          return open(wanted);
        };"""
    )
    sam.open_backstage()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    sam.page.evaluate("sessionStorage.setItem('busy', 'yes')")
    sam.page.reload()
    expect(sam.page.locator("#bottom-text")).to_contain_text("could not be started again")
    sam.page.evaluate("sessionStorage.removeItem('busy')")
    use_here(sam)
    olivia.wait_to_see(sam, since_ms=olivia.page.evaluate("Date.now()"))
    expect(sam.page.locator("#bottom-text")).to_be_hidden()
