"""Point 8: everybody with the link who is not on screen sees and hears the tiles."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser


def test_point_08_watching(person: Callable[..., Person]) -> None:
    ken, olivia, sam = (person(who).open_backstage() for who in ("ken", "olivia", "sam"))
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    late = person("rosa").open_backstage()
    for watcher in (ken, late):
        for slot, other in enumerate((olivia, sam), start=1):
            frames = watcher.wait_to_see(other)
            assert {frame.slot for frame in frames} == {slot}
            watcher.wait_to_hear(str(2 * slot - 2))
        assert {1, 2} <= watcher.played(), "both come out of the loudspeaker"
        assert watcher.live_tracks() == 0
        expect(watcher.page.get_by_text("4 backstage")).to_be_visible()
        assert watcher.complaints == []
    # Whoever is on screen hears the others, and never themselves.
    for one, other, slot in ((olivia, sam, 2), (sam, olivia, 1)):
        one.wait_to_see(other)
        one.wait_to_hear(str(2 * slot - 2))
        assert one.played() & {1, 2} == {slot}
    # Off the screen they hear that slot again, whoever comes into it.
    sam.press("Stop sharing")
    expect(olivia.tile(sam.name)).to_be_hidden()
    sam.until(lambda: {1, 2} <= sam.played(), 5, "a slot stays silent")


#: As an iPhone that saves its battery does.
NOTHING_PLAYS_BEFORE_A_CLICK = """
  window.clicked = false;
  addEventListener("pointerdown", () => { window.clicked = true; }, true);
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    return window.clicked ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
  };
"""


@pytest.mark.parametrize("scene", [10], indirect=True)
def test_point_08_where_nothing_plays_before_a_click_it_is_asked_for(person: Callable[..., Person]) -> None:
    olivia, ken, ada = (person(who) for who in ("olivia", "ken", "ada"))
    for one in (ken, ada):
        one.context.add_init_script(NOTHING_PLAYS_BEFORE_A_CLICK)
    olivia.open_backstage().share()
    ken.open_backstage()
    olivia.press("Broadcast")
    ada.open_stage()
    for one, name in ((ken, "Click to see and hear"), (ada, "Click for picture and sound")):
        expect(one.button(name)).to_be_visible(timeout=25_000)
        expect(one.tile(olivia.name).get_by_text("Connecting…")).to_be_hidden()
        one.press(name)
        expect(one.tile(olivia.name)).to_have_attribute("data-picture", "true")
        expect(one.button(name)).to_be_hidden()
        one.wait_to_see(olivia)
        assert not one.page.evaluate("document.activeElement === document.body")
