"""Point 7, my own controls: by mouse and keys, and an organizer's Mute that this page cannot undo."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

MICROPHONE_OPEN = "timecode.streams.at(-1).getAudioTracks()[0].enabled"


def test_keys_work_are_listed_and_can_be_switched_off(person: Callable[..., Person]) -> None:
    sam = person("sam").open_backstage()
    sam.ask()
    expect(sam.page.locator("#self-view")).to_be_visible()
    sam.page.keyboard.press("m")
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "false")
    sam.page.keyboard.press("v")
    expect(sam.button("Camera")).to_have_attribute("aria-pressed", "false")
    expect(sam.page.locator("#self-view")).to_be_hidden()
    expect(sam.button("Share screen")).to_be_hidden()
    sam.page.keyboard.press("f")
    sam.until(lambda: sam.page.evaluate("document.fullscreenElement?.id") == "main", 5, "not full")
    sam.page.keyboard.press("f")
    sam.until(lambda: sam.page.evaluate("document.fullscreenElement?.id") is None, 5, "still full")
    sam.page.keyboard.press("?")
    keys = sam.page.get_by_role("dialog", name="Keyboard")
    expect(keys).to_contain_text("Share your screen, or stop it")
    keys.get_by_label("Use the keys M, V, S and F").uncheck()
    keys.get_by_role("button", name="Close").click()
    sam.page.keyboard.press("m")
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "false")


def test_an_organizers_mute_switches_the_microphone_off_for_certain(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    expect(sam.button("Microphone")).to_have_attribute("aria-pressed", "true")
    olivia.button("More for Sam Barnes").click()
    olivia.page.get_by_role("menuitem", name="Mute").click()
    microphone = sam.button("Microphone")
    expect(microphone).to_be_disabled()
    expect(sam.page.locator("#my-hint")).to_have_text(
        "Muted by the organizer. You can unmute when they allow it."
    )
    sam.page.keyboard.press("m")
    assert sam.page.evaluate(MICROPHONE_OPEN) is False
    olivia.button("More for Sam Barnes").click()
    olivia.page.get_by_role("menuitem").first.click()
    expect(microphone).to_be_enabled()
    expect(microphone).to_have_attribute("aria-pressed", "false")
    assert sam.page.evaluate(MICROPHONE_OPEN) is False
    microphone.click()
    assert sam.page.evaluate(MICROPHONE_OPEN) is True
