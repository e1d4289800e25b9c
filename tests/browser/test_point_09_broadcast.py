"""Point 9: Broadcast asks nothing; everybody backstage sees where the show is. The delay: test_show.py."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.colours import expect_colours
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DELAY_S = 10


def expect_to_run(clock: Locator, *, down: bool = False) -> None:
    """It does not stand still, and goes the right way."""
    first = clock.inner_text()
    expect(clock).not_to_have_text(first)
    then = clock.inner_text()
    passed = seconds(then) - seconds(first)
    assert passed < 0 if down else passed > 0, f"{first}, and then {then}"


def seconds(text: str) -> int:
    """Of a clock at the end of a text: MM:SS or HH:MM:SS."""
    match = re.search(r"(?:(\d\d):)?(\d\d):(\d\d)$", text)
    assert match, text
    hours, minutes, rest = (int(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + rest


def blinks(one: Person) -> bool:
    """Whether the sign in the pill goes on and off by an animation that does not end."""
    return one.page.evaluate(
        """() => document.querySelector("#show").getAnimations({ subtree: true }).some((each) =>
          each.playState === "running" && each.effect.getComputedTiming().endTime === Infinity)"""
    )


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_point_09_broadcast(person: Callable[..., Person]) -> None:
    olivia, sam, ada = (
        person("olivia").open_backstage(),
        person("sam").open_backstage(),
        person("ada").open_stage(),
    )
    expect(sam.button("Broadcast")).to_have_count(0)
    everybody = (olivia, sam)
    # To a screen reader; Sam only watches.
    said = {
        "olivia": {
            "going live": "Going live. Attendees will see you in a few seconds.",
            "live": "You are live. Attendees see you.",
        },
        "sam": {
            "going live": "Going live. Attendees will see whoever is on screen in a few seconds.",
            "live": "The show is live. Attendees see whoever is on screen.",
        },
    }
    # Whoever wants nothing to move has the pill in yellow, too, and it stands still.
    sam.page.emulate_media(reduced_motion="reduce")
    for one in everybody:
        expect_colours(one, red=set(), yellow=set())

    # With nobody on screen it waits, and says for what.
    olivia.press("Broadcast")
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("Going live…")
        expect(one.page.locator("#show-note")).not_to_be_empty()
        expect(one.page.locator("#show-note")).not_to_contain_text("On air in")
    olivia.share()
    for one in everybody:
        note = one.page.locator("#show-note")
        expect(note).to_contain_text(re.compile(r"On air in 00:(10|0\d)"))
        expect_to_run(note, down=True)
        expect_colours(one, red=set(), yellow={"show"})
        expect(one.page.locator("#announcer")).to_contain_text(said[one.who]["going live"])
    assert blinks(olivia)
    assert not blinks(sam)
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("LIVE", timeout=1000 * (DELAY_S + 5))
        running = one.page.locator("#show-time")
        expect(running).to_have_text(re.compile(r"00:00:\d\d"))
        expect_to_run(running)
        expect_colours(one, red={"show"}, yellow=set())
        assert not blinks(one)
        expect(one.page.locator("#announcer")).to_contain_text(said[one.who]["live"])
        expect(one.page.get_by_text("1 watching")).to_be_visible(timeout=15_000)
    ada.wait_to_see(olivia)

    stopped_ms = olivia.page.evaluate("Date.now()")
    olivia.press("Stop Broadcasting")
    for one in everybody:
        expect(one.page.locator("#show-note")).to_contain_text(
            re.compile("The audience still sees you for 00:")
        )
        expect_to_run(one.page.locator("#show-note"), down=True)
        expect(one.page.locator("#announcer")).to_contain_text(
            "The broadcast was stopped. Attendees still see its last seconds."
        )
    for one in everybody:
        expect(one.page.locator("#show-label")).to_have_text("Off air", timeout=1000 * (DELAY_S + 5))
        expect(one.page.locator("#announcer")).to_contain_text(
            "Off air. Attendees no longer see this Backstage."
        )
        expect_colours(one, red=set(), yellow=set())
    # The Stage has shown the last seconds to their end, and nothing of what came after.
    last = max(frame.painted_ms for frame in ada.frames_of(olivia) if frame.shown)
    assert abs(last - stopped_ms) < 1500
    for one in (*everybody, ada):
        assert one.complaints == []
