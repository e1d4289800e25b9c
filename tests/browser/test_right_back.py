"""Whoever is on screen drops while the show is on: its viewers read so instead of an error, until somebody is back."""

import contextlib
from collections.abc import Callable

import pytest
from playwright.sync_api import Error, expect

from tests.browser.people import PATIENCE_S, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

DELAY_S = 10


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_right_back_until_somebody_is(person: Callable[..., Person]) -> None:
    olivia = person("olivia", reads=False).open_backstage()
    ada = person("ada").open_stage()
    right_back = ada.page.get_by_text("We'll be right back")
    live = ada.page.locator("#live")
    olivia.share()
    olivia.press("Broadcast")
    ada.wait_to_see(olivia, within_s=DELAY_S + PATIENCE_S)
    expect(right_back).to_be_hidden()

    # Her tab crashes, without a word.
    with olivia.page.expect_event("crash"), contextlib.suppress(Error):
        olivia.page.goto("chrome://crash")
    expect(right_back).to_be_visible(timeout=1000 * (DELAY_S + PATIENCE_S))
    expect(live).to_be_visible()
    expect(ada.page.locator("#poster")).to_be_hidden()

    # Of what the crash itself left in the console.
    olivia.complaints.clear()
    olivia.open_tab()
    olivia.open_backstage()
    ada.forget_frames()
    ada.wait_to_see(olivia, within_s=DELAY_S + 2 * PATIENCE_S)
    expect(right_back).to_be_hidden()
    expect(live).to_be_visible()
    assert ada.complaints == olivia.complaints == []
