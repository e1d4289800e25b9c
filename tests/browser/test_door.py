"""This Backstage is full: the page keeps the place in line, lets in by itself, and has asked for no device."""

import re
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.lines import take_lines, tell
from tests.browser.people import Person
from tests.browser.scene import Scene, make_scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]
numbers = count(1)


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """A house with one place for people who are not organizers."""
    with Product(BACKSTAGE_PLACES="1") as running:
        yield running


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"door-{next(numbers)}")


def come(person: Person) -> Person:
    """To the Backstage, inside or not."""
    person.context.add_init_script(
        "window.devicesAsked = 0;"
        "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "navigator.mediaDevices.getUserMedia = (wanted) => (window.devicesAsked++, ask(wanted));"
    )
    person.page.goto(person.product.url + person.scene.link)
    return person


def door(page: Page) -> object:
    return page.get_by_role("dialog", name="This Backstage is full")


def test_full(person: Callable[..., Person], product: Product, scene: Scene) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam").open_backstage()
    expect(olivia.page.get_by_text("2 backstage")).to_be_visible()
    olivia.share()
    rosa, ken = come(person("rosa")), come(person("ken", reduced_motion="reduce"))
    expect(door(rosa.page)).to_be_visible()
    expect(rosa.page.get_by_text("All 1 places are taken.")).to_be_visible()
    expect(rosa.page.get_by_role("status").get_by_text("You are next in line")).to_be_visible()
    expect(ken.page.get_by_role("status").get_by_text("You are number 2 in line")).to_be_visible()
    expect(rosa.page.get_by_role("heading", name="This Backstage is full")).to_be_focused()

    # Nothing behind it can be reached, seen or escaped to.
    for _ in range(2):
        rosa.page.keyboard.press("Escape")
    expect(door(rosa.page)).to_be_visible()
    for _ in range(6):
        rosa.page.keyboard.press("Tab")
        assert rosa.page.evaluate(
            "[document.body, ...document.querySelectorAll('#door, #door *')].includes(document.activeElement)"
        )
    assert "Olivia Marsh" not in rosa.page.content()
    for selector in ("#welcome-share", "#leave", "#tiles"):
        assert not rosa.page.evaluate(
            "(selector) => { const box = document.querySelector(selector).getBoundingClientRect();"
            " return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)"
            ".closest('#door') === null }",
            selector,
        )
    assert (
        ken.page.evaluate("document.querySelector('#door-place').getAnimations({subtree: true}).length") == 0
    )
    expect(rosa.page.get_by_role("link", name="Back to the event")).to_have_attribute(
        "href", f"/events/{scene.slug}/"
    )

    # A place becomes free: the first comes in without a reload, the second moves up.
    rosa.page.evaluate("window.notReloaded = true")
    sam.press("Leave")
    expect(door(rosa.page)).to_be_hidden()
    expect(rosa.tile("Olivia Marsh")).to_be_visible()
    expect(rosa.page.locator("#main")).to_be_focused()
    assert rosa.page.evaluate("window.notReloaded && window.devicesAsked === 0")
    expect(rosa.page.locator("#announcer")).to_have_text("A place is free. You are in the Backstage now.")
    expect(ken.page.get_by_text("You are next in line")).to_be_visible()
    rosa.page.evaluate("timecode.follow()")
    rosa.wait_to_see(olivia)

    # Going back to the event leaves the line.
    mia = come(person("mia"))
    expect(mia.page.get_by_text("You are number 2 in line")).to_be_visible()
    ken.page.get_by_role("link", name="Back to the event").click()
    expect(ken.page).to_have_url(re.compile(f"/events/{scene.slug}/$"))
    expect(mia.page.get_by_text("You are next in line")).to_be_visible(timeout=20_000)

    # A link that is reset dissolves the line.
    olivia.page.goto(f"{product.url}/events/{scene.slug}/manage/stage/")
    olivia.page.get_by_role("button", name="Reset link of Main Stage").click()
    reset = olivia.page.get_by_role("dialog", name="Reset the Backstage link?")
    expect(reset.get_by_role("radio", name=re.compile("Keep those inside"))).to_be_checked()
    reset.get_by_role("button", name="Reset link").click()
    expect(olivia.page.get_by_text("The Backstage of Main Stage has a new link.")).to_be_visible()
    expect(mia.page.get_by_role("dialog", name="You are no longer in this Backstage")).to_be_visible()
    expect(mia.page.get_by_text("This link no longer works.")).to_be_visible()
    # Rosa stays, and may reload.
    rosa.page.reload()
    expect(rosa.page.get_by_role("heading", name="Product Day 2026")).to_be_visible()
    expect(door(rosa.page)).to_be_hidden()


def test_reset_link_without_javascript(browser: Browser, product: Product, scene: Scene) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": scene.sessions["olivia"], "url": product.url}])
    page = context.new_page()
    page.goto(f"{product.url}/events/{scene.slug}/manage/stage/")
    before = page.get_by_role("textbox", name="Backstage link").input_value()
    page.get_by_role("link", name="Reset link of Main Stage").click()
    page.get_by_role("radio", name=re.compile("Everybody comes in again")).check()
    page.get_by_role("button", name="Reset link").click()
    expect(page.get_by_text("Everybody comes in again by it.")).to_be_visible()
    assert page.get_by_role("textbox", name="Backstage link").input_value() != before
    context.close()


def test_whoever_comes_back_to_a_full_house_sends_nothing_behind_the_door(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    """Away for over a minute, while another took the place: here the test says what the server says then."""
    olivia = person("olivia")
    take_lines(olivia)
    olivia.context.add_init_script(
        "window.captures = [];"
        "navigator.mediaDevices.getDisplayMedia = async () => {"
        "  const stream = await navigator.mediaDevices.getUserMedia({ video: true });"
        "  captures.push(...stream.getTracks());"
        "  return stream;"
        "};"
    )
    olivia.open_backstage()
    olivia.share()
    olivia.press("Share screen")
    expect(olivia.tile("Olivia's screen")).to_be_visible()
    olivia.press("Devices")
    expect(olivia.page.get_by_role("dialog").locator("#device-confirm")).to_be_enabled()
    assert olivia.live_tracks() == 3
    tell(olivia, "backstage", {"type": "house.full", "body": {"places": 1, "place": 1}})
    expect(door(olivia.page)).to_be_visible()
    expect(olivia.page.locator("#device-check")).to_be_hidden()
    olivia.until(lambda: olivia.live_tracks() == 0, 2, "a light stays on")
