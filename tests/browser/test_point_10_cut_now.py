"""Point 10: Cut now. Nothing captured in the unaired seconds reaches anybody. Twenty cuts: tests/load/bench_cut.py."""

import random
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.cuts import OFF_AIR_WITHIN_MS, Moment, cut_again_and_again, humming_the_time
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DELAY_S = 10


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_point_10_cut_now_destroys_what_nobody_has_seen(person: Callable[..., Person]) -> None:
    olivia = person("olivia").open_backstage()
    olivia.share()
    ada, tom = person("ada").open_stage(), person("tom").open_stage()
    with humming_the_time(olivia):
        outcome = cut_again_and_again(
            olivia,
            [ada, tom],
            lambda: person("mia").open_stage(),
            delay_s=DELAY_S,
            moments=[Moment.LIVE, Moment.ENDING, Moment.GOING_LIVE],
            chance=random.Random(10),
        )
    assert outcome.frames_seen > 20
    assert outcome.tones_heard > 20, "the ears of this test work"
    assert outcome.clocks_known > 0, "it was known of packets when they were captured"
    assert outcome.bad_frames == []
    assert outcome.bad_tones == []


def test_point_10_cut_now_asks_first_and_one_key_answers(person: Callable[..., Person]) -> None:
    olivia = person("olivia").open_backstage()
    olivia.share()
    expect(olivia.button("Cut now")).to_be_hidden()
    olivia.press("Broadcast")
    olivia.press("Cut now")
    dialog = olivia.page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    olivia.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(olivia.page.locator("#show-label")).to_have_text("Going live…")
    expect(olivia.button("Cut now")).to_be_focused()
    olivia.page.keyboard.press("Enter")
    olivia.page.keyboard.press("Enter")
    expect(olivia.page.locator("#show-label")).to_have_text("Off air", timeout=OFF_AIR_WITHIN_MS)
    expect(olivia.button("Broadcast")).to_be_enabled()
