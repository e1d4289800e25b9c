"""The Stage as its attendees have it, in one show: at the controls, on a phone, without a network, asleep."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.colours import look
from tests.browser.lossy import LossyLink
from tests.browser.network import Network
from tests.browser.people import PATIENCE_S, Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

DELAY_S = 10
#: Seconds without a network, both from the same moment on.
LOST_FOR_S = {"mia": 5, "ada": 30}
#: Whoever drifts is off by what they slept through; how exact the delay is, is for `tests/load`.
ASLEEP_S = 8
IN_STEP_WITHIN_MS = 2000
WIDTH, HEIGHT = 390, 844
#: The narrowest and the widest, a phone, and where the layout changes.
WIDTHS = (360, 390, 720, 1080, 2560)
PHONE = {"viewport": {"width": WIDTH, "height": HEIGHT}, "is_mobile": True, "has_touch": True}

SOUND = "[...document.querySelectorAll('audio')].map(({ volume, muted }) => [volume, muted])"
FILLS_WINDOW = """() => {
  const { x, y, width, height } = document.querySelector("#player").getBoundingClientRect();
  return x === 0 && y === 0 && width === innerWidth && height === innerHeight;
}"""


@dataclass(frozen=True)
class Viewer:
    """Somebody at the Stage whose whole network can vanish, words and media, without a word."""

    person: Person
    network: Network
    link: LossyLink

    def vanish(self) -> None:
        self.network.vanish()
        self.link.gone = True

    def come_back(self) -> None:
        self.link.gone = False
        self.network.come_back()


@pytest.fixture
def viewer(browser: Browser, product: Product, scene: Scene) -> Iterator[Callable[..., Viewer]]:
    with ExitStack() as stack:

        def come(who: str, **context: Any) -> Viewer:
            network = stack.enter_context(Network(product.port))
            person = Person(browser, network, scene, who, **context)  # type: ignore[arg-type]
            stack.callback(person.close)
            link = stack.enter_context(LossyLink(person))
            person.open_stage().page.evaluate("window.notReloaded = true")
            return Viewer(person, network, link)

        yield come


@pytest.mark.parametrize("scene", [DELAY_S], indirect=True)
def test_a_show_as_its_attendees_have_it(
    person: Callable[..., Person], viewer: Callable[..., Viewer]
) -> None:
    speakers = olivia, sam = [person(who, reads=False).open_backstage() for who in ("olivia", "sam")]
    hers = viewer("ada")
    ada = hers.person
    expect(ada.page.locator("#poster")).to_contain_text("The show has not started yet")
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Main Stage")
    fits_every_window(ada)
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    expect(olivia.tile(sam.name)).to_be_visible()
    olivia.press("Broadcast")
    sees(ada, speakers, within_s=DELAY_S + PATIENCE_S)
    expect(ada.page.get_by_text("LIVE", exact=True).first).to_be_visible()
    expect(ada.page.get_by_role("heading", level=1)).to_have_text("Main Stage")
    expect(ada.page.locator("#announcer")).to_contain_text("The show is live.")
    expect(ada.page.locator("#watching-number")).to_have_text("1")
    controls(ada)
    fits_every_window(ada, speakers)
    # Red means LIVE and nothing else.
    painted = look(ada.page)
    assert [what for what in painted["red"] if 'id="live"' not in what] == []
    assert painted["red"]
    assert painted["yellow"] == set()

    # In the middle of the show, on a phone.
    theirs = viewer("mia", **PHONE)
    mia = theirs.person
    sees(mia, speakers)
    fits(mia, speakers)
    for each in (ada, mia):
        expect(each.page.locator("#watching-number")).to_have_text("2")

    lost = time.monotonic()
    for one in (hers, theirs):
        one.vanish()
    pause(ada, lost + LOST_FOR_S["mia"])
    theirs.come_back()
    sees(mia, speakers)
    is_in_step(mia, olivia)
    sleeps(mia, ada)
    sees(mia, speakers)
    is_in_step(mia, olivia)
    expect(ada.page.locator("#banner")).to_be_visible()
    pause(ada, lost + LOST_FOR_S["ada"])
    hers.come_back()
    sees(ada, speakers, within_s=2 * PATIENCE_S)
    is_in_step(ada, olivia)

    for each in (ada, mia):
        expect(each.page.locator("#banner")).to_be_hidden()
        assert each.page.evaluate("window.notReloaded")
    for each in (*speakers, ada, mia):
        assert each.complaints == []


def sees(one: Person, speakers: list[Person], *, within_s: float = PATIENCE_S) -> None:
    """Moving pictures of all, from now on."""
    now_ms = 1000 * time.time()
    for speaker in speakers:
        one.wait_to_see(speaker, since_ms=now_ms, within_s=within_s)


def is_in_step(one: Person, speaker: Person) -> None:
    one.forget_frames()
    one.until(lambda: len(one.frames_of(speaker)) > 30, PATIENCE_S, "the picture does not go on")
    behind_ms = statistics.median(frame.at_ms - frame.painted_ms for frame in one.frames_of(speaker))
    print(f"{one.name} is {behind_ms:.0f} ms behind")
    assert abs(behind_ms - 1000 * DELAY_S) < IN_STEP_WITHIN_MS


def controls(ada: Person) -> None:
    """Volume, mute and full screen."""
    page = ada.page
    page.get_by_role("slider", name="Volume").fill("0.3")
    assert {volume for volume, _muted in page.evaluate(SOUND)} == {0.3}
    mute = ada.button("Mute")
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "true")
    assert {muted for _volume, muted in page.evaluate(SOUND)} == {True}
    mute.click()
    expect(mute).to_have_attribute("aria-pressed", "false")
    # Those who are on screen; the other places have nothing to say.
    assert page.evaluate(SOUND) == [[0.3, False]] * 2 + [[0.3, True]] * 3

    full = ada.button("Full screen")
    full.click()
    expect(full).to_have_attribute("aria-pressed", "true")
    ada.until(lambda: page.evaluate(FILLS_WINDOW), PATIENCE_S, "the player does not fill the screen")
    full.click()
    expect(full).to_have_attribute("aria-pressed", "false")


def fits_every_window(ada: Person, speakers: Sequence[Person] = ()) -> None:
    """Nothing to scroll sideways, and every tile whole; then as wide as before."""
    before = ada.page.viewport_size
    assert before is not None
    for width in WIDTHS:
        ada.page.set_viewport_size({"width": width, "height": 800})
        assert ada.page.evaluate("document.documentElement.scrollWidth") <= width, width
        for speaker in speakers:
            box = ada.tile(speaker.name).bounding_box()
            assert box is not None
            assert box["x"] >= 0, width
            assert box["x"] + box["width"] <= width + 1, width
    ada.page.set_viewport_size(before)


def fits(mia: Person, speakers: list[Person]) -> None:
    """On a phone held upright: tiles below each other, each as wide as the screen; nothing to scroll sideways."""
    assert mia.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    above = 0.0
    for speaker in speakers:
        box = mia.tile(speaker.name).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= WIDTH + 1
        assert box["width"] > 0.9 * WIDTH
        assert above <= box["y"]
        above = box["y"] + box["height"]
    assert above < HEIGHT


def sleeps(mia: Person, awake: Person) -> None:
    """Her page stands still while its media go on coming, as browsers do with what nobody looks at.

    By the debugger: `Page.setWebLifecycleState` leaves a headless page going.
    """
    session = mia.context.new_cdp_session(mia.page)
    session.send("Debugger.enable")
    session.send("Debugger.pause")
    slept_ms = 1000 * time.time()
    # Nothing can be asked of her page meanwhile.
    awake.page.wait_for_timeout(1000 * ASLEEP_S)
    woken_ms = 1000 * time.time()
    session.send("Debugger.disable")
    session.detach()
    seen = [frame for frame in mia.frames() if slept_ms + 1000 < frame.at_ms < woken_ms]
    assert seen == [], "the page was not asleep"


def pause(one: Person, until: float) -> None:
    one.page.wait_for_timeout(max(0.0, 1000 * (until - time.monotonic())))
