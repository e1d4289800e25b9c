"""What an organizer answers to one person: Mute, Remove, Block, on the ⋯ menu of a photo and of a tile."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.crowd import end_screen, share_screen
from tests.browser.lines import take_lines
from tests.browser.panel import choose, choose_on_tile, said
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]


def test_point_04_muted_while_waiting_comes_on_screen_muted(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    sam.ask()
    choose(olivia, sam.name, "Mute")
    expect(said(olivia)).to_contain_text(f"{sam.name} is muted.")
    waiting = olivia.page.locator(".waiting")
    expect(waiting.locator(".waiting__muted")).to_be_visible()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    expect(olivia.tile(sam.name).locator(".plate__muted")).to_be_visible()
    choose_on_tile(olivia, sam.name, "Allow to unmute")
    expect(said(olivia)).to_contain_text(f"{sam.name} may unmute.")
    olivia.tile(sam.name).get_by_role("button", name="More for").click()
    expect(olivia.page.get_by_role("menuitem", name="Mute", exact=True)).to_be_visible()


def test_point_04_remove_takes_the_screen_first_and_the_person_at_the_second_time(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, rosa = (person(who).open_backstage() for who in ("olivia", "rosa"))
    rosa.ask()
    olivia.put_on_screen(rosa)
    olivia.wait_to_see(rosa)
    product.django(share_screen, scene.token, rosa.name)
    screen = olivia.page.locator('.tile[data-kind="screen"]:visible')
    expect(screen).to_be_visible()

    olivia.page.locator('.tile[data-kind="camera"]:visible').get_by_role("button", name="More for").click()
    remove = olivia.page.get_by_role("menuitem", name="Remove", exact=True)
    expect(remove).to_contain_text(f"{rosa.name}'s screen")
    remove.click()
    olivia.press(f"Remove {rosa.name}'s screen")
    expect(screen).to_be_hidden()
    expect(olivia.page.locator(".tile:visible")).to_have_count(1)
    olivia.wait_to_see(rosa, since_ms=olivia.page.evaluate("Date.now()"))

    choose_on_tile(olivia, rosa.name, "Remove")
    olivia.press(f"Remove {rosa.name}")
    expect(olivia.page.locator(".tile:visible")).to_have_count(0)
    rosa.until(lambda: rosa.live_tracks() == 0, 5, "a light stays on")
    expect(rosa.button("Ask to Share Audio and Video").first).to_be_visible()
    expect(rosa.page.locator("#toasts")).to_contain_text("An organizer took you off the screen.")


def test_point_04_block_turns_the_person_away_in_every_tab(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    second = sam.context.new_page()
    second.goto(sam.product.url + sam.scene.link)
    stage = sam.context.new_page()
    stage.goto(sam.product.url + sam.scene.stage)
    sam.page.bring_to_front()
    sam.ask()
    choose(olivia, sam.name, "Block")
    dialog = olivia.page.get_by_role("dialog", name=f"Block {sam.name} from this event?")
    expect(dialog).to_contain_text("They leave the Backstage at once and cannot come back, or watch.")
    dialog.get_by_role("button", name=f"Block {sam.name}").click()
    expect(said(olivia)).to_contain_text(f"{sam.name} is blocked from this event.")
    expect(olivia.page.locator(".waiting")).to_have_count(0)
    for page, why in (
        (sam.page, "You are no longer in this Backstage"),
        (second, "You are no longer in this Backstage"),
        (stage, "You can no longer watch this Stage"),
    ):
        turned_away = page.get_by_role("dialog", name=why)
        expect(turned_away).to_be_visible()
        page.bring_to_front()
        for _press in range(3):
            page.keyboard.press("Escape")
        page.wait_for_timeout(200)
        expect(turned_away).to_be_visible()
    sam.until(lambda: sam.live_tracks() == 0, 5, "a light stays on")
    for address in (sam.scene.link, sam.scene.stage):
        answer = sam.page.goto(sam.product.url + address)
        assert answer is not None
        assert answer.status in {403, 404}, "neither to come back nor to watch"


def test_point_04_what_is_being_done_to_somebody_shows_and_is_sent_once(
    person: Callable[..., Person],
) -> None:
    olivia, sam = person("olivia"), person("sam").open_backstage()
    take_lines(olivia)
    olivia.open_backstage()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    olivia.page.evaluate("lines.hold('person.mute')")
    choose_on_tile(olivia, sam.name, "Mute")
    more = olivia.tile(sam.name).get_by_role("button", name="More for").first
    expect(more).to_have_attribute("aria-busy", "true")
    more.click()
    items = olivia.page.get_by_role("menuitem")
    expect(items).to_have_count(3)
    for item in items.all():
        expect(item).to_be_disabled()
    items.first.evaluate("item => item.click()")
    assert olivia.page.evaluate("lines.held.length") == 1
    olivia.page.keyboard.press("Escape")
    olivia.page.evaluate("lines.release()")
    expect(more).not_to_have_attribute("aria-busy", "true")
    expect(said(olivia)).to_contain_text(f"{sam.name} is muted.")
    expect(olivia.tile(sam.name).locator(".plate__muted")).to_be_visible()


def test_point_04_a_screen_that_goes_while_it_is_asked_about_costs_nobody_their_place(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, rosa = (person(who).open_backstage() for who in ("olivia", "rosa"))
    rosa.ask()
    olivia.put_on_screen(rosa)
    olivia.wait_to_see(rosa)
    product.django(share_screen, scene.token, rosa.name)
    screen = olivia.page.locator('.tile[data-kind="screen"]:visible')
    expect(screen).to_be_visible()
    olivia.page.locator('.tile[data-kind="camera"]:visible').get_by_role("button", name="More for").click()
    olivia.page.get_by_role("menuitem", name="Remove", exact=True).click()
    product.django(end_screen, scene.token, rosa.name)
    expect(screen).to_be_hidden()
    olivia.press(f"Remove {rosa.name}'s screen")
    expect(
        olivia.page.get_by_text(f"{rosa.name} has stopped sharing the screen. Nobody was removed.")
    ).to_be_visible()
    expect(olivia.tile(rosa.name)).to_be_visible()


#: From now on the browser takes its time to open a device, until `allow()`.
SLOW_DEVICES = """() => {
  const open = navigator.mediaDevices.getUserMedia;
  const answered = new Promise((resolve) => (window.allow = resolve));
  navigator.mediaDevices.getUserMedia = async (wanted) => (await answered, open(wanted));
}"""


@pytest.mark.parametrize("how", ["removed", "blocked"])
def test_point_04_an_open_device_check_ends_with_what_it_was_for(
    person: Callable[..., Person], how: str
) -> None:
    """Also what the browser is just opening for it: no light stays on behind a dialog."""
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    sam.press("Devices")
    expect(sam.page.locator("#device-confirm")).to_be_enabled()
    sam.page.evaluate(SLOW_DEVICES)
    sam.page.evaluate("document.querySelector('#camera').dispatchEvent(new Event('change'))")
    expect(sam.page.locator("#device-confirm")).to_be_disabled()
    act = {"removed": "Remove", "blocked": "Block"}[how]
    choose_on_tile(olivia, sam.name, act)
    olivia.press(f"{act} {sam.name}")
    expect(sam.page.locator("#device-check")).to_be_hidden()
    sam.page.evaluate("allow()")
    sam.page.wait_for_timeout(500)
    assert sam.live_tracks() == 0
    if how == "blocked":
        expect(sam.page.get_by_role("dialog", name="You are no longer in this Backstage")).to_be_visible()
