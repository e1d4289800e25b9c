"""Point 5, the tiles: the same for everybody, never rebuilt, and true about who talks and what does not arrive."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.axe import expect_accessible
from tests.browser.lossy import LossyLink
from tests.browser.people import Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]


#: Opacity and width of the ring around a tile, which is its `::after`.
RING = """(tile) => {
  const { opacity, borderTopWidth, borderTopStyle, content } = getComputedStyle(tile, "::after");
  return content === "none" || borderTopStyle === "none" ? 0 : Number(opacity) * parseFloat(borderTopWidth);
}"""


def order(one: Person) -> list[str]:
    """Names as one reads them on the page: by rows, from left to right."""
    boxes = [(tile.bounding_box(), tile) for tile in one.page.locator("[data-tile]:visible").all()]
    placed = [(round(box["y"]), box["x"], tile) for box, tile in boxes if box]
    return [
        tile.locator(".plate__name").inner_text() for _y, _x, tile in sorted(placed, key=lambda at: at[:2])
    ]


def ring(one: Person, name: str) -> float:
    """Pixels of it that are to be seen."""
    return one.tile(name).evaluate(RING)


def test_point_05_tiles_are_the_same_for_everybody_and_are_never_rebuilt(
    person: Callable[..., Person],
) -> None:
    olivia, sam, ken = (person(who).open_backstage() for who in ("olivia", "sam", "ken"))
    videos = ken.page.evaluate_handle("[...document.querySelectorAll('[data-tile] video')]")
    olivia.share()
    sam.ask()
    olivia.put_on_screen(sam)
    ken.wait_to_see(sam)
    assert order(olivia) == order(sam) == order(ken) == ["Olivia Marsh", "Sam Barnes"]
    expect(sam.page.locator("#self-view")).to_be_hidden()
    expect(sam.page.locator("#announcer")).to_contain_text("You are on screen.")
    # Both hum.
    expect(ken.tile("Sam Barnes")).to_have_attribute("data-talking", "true", timeout=15_000)
    ken.until(lambda: ring(ken, "Sam Barnes") >= 2, 5, "no ring is drawn")
    muted = ken.tile("Sam Barnes").locator(".plate__muted")
    expect(muted).to_be_hidden()
    sam.page.keyboard.press("m")
    expect(muted).to_be_visible()
    expect(ken.tile("Olivia Marsh").locator(".plate__muted")).to_be_hidden()
    expect(ken.tile("Sam Barnes")).to_have_attribute("data-talking", "false")
    ken.until(lambda: ring(ken, "Sam Barnes") == 0, 5, "the ring stays")
    olivia.press("Stop sharing")
    expect(ken.tile("Olivia Marsh")).to_be_hidden()
    box = ken.tile("Sam Barnes").bounding_box()
    assert box
    assert box["width"] > 600
    assert ken.page.evaluate(
        "before => [...document.querySelectorAll('[data-tile] video')].every((each, n) => each === before[n])",
        videos,
    )
    expect_accessible(ken.page)
    # Whoever takes the place that was freed stands in it, also for those who have come since.
    ken.page.reload()
    olivia.share()
    for one in (olivia, sam, ken):
        expect(one.tile("Olivia Marsh")).to_be_visible()
        assert order(one) == ["Olivia Marsh", "Sam Barnes"]


def test_point_05_whoever_does_not_arrive_is_told(person: Callable[..., Person]) -> None:
    sam = person("sam")
    with LossyLink(sam) as link:
        sam.open_backstage()
        olivia = person("olivia").open_backstage()
        sam.ask()
        olivia.put_on_screen(sam)
        olivia.wait_to_see(sam)
        alarm = sam.tile(sam.name).get_by_text("Others cannot see")
        expect(alarm).to_be_hidden()
        link.lost = 1
        expect(alarm).to_be_visible(timeout=8000)
        mark = olivia.tile(sam.name).locator(".plate__weak")
        expect(mark).to_be_visible(timeout=1000)
        # What it says can be done, also with one camera.
        opened = sam.page.evaluate("timecode.streams.length")
        sam.press("Devices")
        dialog = sam.page.get_by_role("dialog")
        expect(dialog.locator("#device-confirm")).to_be_enabled()
        assert sam.page.evaluate("timecode.streams.length") > opened
        dialog.get_by_role("button", name="Done").click()
        assert sam.live_tracks() == 2
        link.lost = 0
        expect(alarm).to_be_hidden(timeout=20_000)
        expect(mark).to_be_hidden(timeout=20_000)
        olivia.wait_to_see(sam, since_ms=olivia.page.evaluate("Date.now()"))


#: A network that lets pages through and no media: no address of this browser's is of any use.
WALL = """
  window.walled = true;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(wanted) {
      super(window.walled ? { ...wanted, iceTransportPolicy: "relay" } : wanted);
    }
  };
"""


def test_point_05_a_network_that_lets_no_media_through_is_said(person: Callable[..., Person]) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam")
    olivia.share()
    sam.context.add_init_script(WALL)
    sam.open_backstage()
    incoming = sam.tile(olivia.name).get_by_text("does not let pictures and sound through to you")
    expect(incoming).to_be_visible(timeout=20_000)
    expect(sam.page.locator("#alarm")).to_contain_text("Switch off your VPN, or try another network.")
    sam.ask()
    olivia.put_on_screen(sam)
    expect(sam.tile(sam.name).get_by_text("Connecting…")).to_be_visible()
    outgoing = sam.tile(sam.name).get_by_text("so nobody sees or hears you")
    expect(outgoing).to_be_visible(timeout=20_000)
    expect_accessible(sam.page)
    sam.page.evaluate("window.walled = false")
    expect(outgoing).to_be_hidden(timeout=30_000)
    expect(incoming).to_be_hidden(timeout=30_000)
    olivia.wait_to_see(sam)
