"""Point 12: while I am on screen, my Stage pages are muted, in any tab and browser, and say why."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.scene import Scene, sign_in
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
DELAY_S = 10

MUTED = "[...document.querySelectorAll('audio')].map((audio) => audio.muted)"


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_point_12_a_watching_person_who_comes_on_screen_does_not_hear_themselves(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia = person("olivia").open_backstage()
    olivia.share()
    olivia.press("Broadcast")
    # The same account in two browsers, each with a login of its own: one watches, the other will be on screen.
    elsewhere = product.django(sign_in, scene.slug, "sam")
    assert elsewhere != scene.sessions["sam"]
    watching, speaking = person("sam", signed_in=elsewhere).open_stage(), person("sam").open_backstage()
    watching.wait_to_see(olivia, within_s=DELAY_S + 10)
    watching.wait_to_hear("a1")
    watching.until(lambda: False in watching.page.evaluate(MUTED), 5, "the Stage plays no sound")
    guard = watching.page.get_by_text("You are on screen in a Backstage. The Stage is muted here")
    expect(guard.first).to_be_hidden()

    speaking.ask()
    olivia.put_on_screen(speaking)
    expect(watching.page.locator("#guard")).to_be_visible()
    assert watching.page.evaluate(MUTED) == [True] * 5
    expect(watching.page.locator("#volume")).to_be_disabled()
    # A Stage page that is opened later begins muted.
    later = person("sam").open_stage()
    expect(later.page.locator("#guard")).to_be_visible()
    assert later.page.evaluate(MUTED) == [True] * 5

    speaking.press("Stop sharing")
    expect(watching.page.locator("#guard")).to_be_hidden()
    watching.until(lambda: False in watching.page.evaluate(MUTED), 5, "the Stage stays muted")
    for page in (watching, speaking, later):
        assert page.complaints == []
