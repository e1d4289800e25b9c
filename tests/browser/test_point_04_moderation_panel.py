"""The Moderation panel and the ⋯ menus, as organizers use them."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.crowd import (
    answer_guest,
    end_screen,
    give_photo,
    lose_photo,
    share_screen,
    wait_in_queue,
)
from tests.browser.lines import take_lines
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

PHONE = {"width": 390, "height": 844}
#: CSS pixels, where a finger presses.
FINGER = 44
SHOWS_PHOTO = """(face) => {
  const image = face.querySelector("img");
  return image !== null && image.checkVisibility() && image.naturalWidth > 0;
}"""


def photo(organizer: Person, name: str) -> Locator:
    return organizer.button(f"Put {name} on screen")


def choose(organizer: Person, name: str, item: str) -> None:
    """In the ⋯ menu of a person who waits."""
    organizer.page.locator("#waiting-people").get_by_role("button", name=f"More for {name}").click()
    organizer.page.get_by_role("menuitem", name=item, exact=True).click()


def choose_on_tile(organizer: Person, name: str, item: str) -> None:
    organizer.tile(name).get_by_role("button", name="More for").first.click()
    organizer.page.get_by_role("menuitem", name=item, exact=True).click()


def said(person: Person) -> Locator:
    return person.page.locator("#announcer")


def focused(person: Person) -> str | None:
    return person.page.evaluate("document.activeElement.getAttribute('aria-label')")


def put_guests_on_screen(product: Product, scene: Scene, organizer: Person, count: int) -> list[str]:
    names = product.django(wait_in_queue, scene.token, count)
    for name in names:
        product.django(answer_guest, scene.token, organizer.name, name, "accept")
    return names


def test_point_04_the_keyboard_alone_puts_people_on_screen(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    for who in ("sam", "rosa"):
        product.django(give_photo, scene.slug, who)
    product.django(lose_photo, scene.slug, "rosa")
    olivia, sam, rosa = (person(who).open_backstage() for who in ("olivia", "sam", "rosa"))
    sam.ask()
    expect(said(olivia)).to_contain_text(f"{sam.name} asks to share. 1 waiting.")
    rosa.ask()
    expect(said(olivia)).to_contain_text(f"{rosa.name} asks to share. 2 waiting.")
    # In order, each with a photo, or initials where it does not come.
    expect(olivia.page.locator(".waiting__name")).to_have_text([sam.name, rosa.name])
    faces = [photo(olivia, one.name).locator(".avatar") for one in (sam, rosa)]
    olivia.until(lambda: faces[0].evaluate(SHOWS_PHOTO), 5, "no photo")
    expect(faces[0]).to_have_text("")
    expect(faces[1]).to_have_text("RL")
    expect(faces[1].locator("img")).to_have_count(0)
    for _tab in range(30):
        olivia.page.keyboard.press("Tab")
        if focused(olivia) == f"Put {sam.name} on screen":
            break
    card = olivia.page.locator(".waiting").first.locator(".preflight")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Camera")
    olivia.page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    olivia.page.keyboard.press("Enter")
    olivia.wait_to_see(sam)
    assert focused(olivia) == f"Put {rosa.name} on screen", "the keyboard stays in the queue"

    olivia.page.keyboard.press("Tab")
    assert focused(olivia) == f"More for {rosa.name}"
    olivia.page.keyboard.press("Enter")
    items = olivia.page.get_by_role("menuitem")
    expect(items.first).to_be_focused()
    olivia.page.keyboard.press("End")
    expect(items.last).to_be_focused()
    olivia.page.keyboard.press("ArrowDown")
    expect(items.first).to_be_focused()
    olivia.page.keyboard.press("Escape")
    assert focused(olivia) == f"More for {rosa.name}"
    olivia.page.keyboard.press("Shift+Tab")
    olivia.page.keyboard.press("Enter")
    olivia.wait_to_see(rosa)


def test_point_04_at_five_the_photos_say_why_not(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    on_screen = put_guests_on_screen(product, scene, olivia, 5)
    sam.ask()
    expect(olivia.page.get_by_text("1 waiting · all five places are taken")).to_be_visible()
    expect(photo(olivia, sam.name)).to_be_disabled()
    photo(olivia, sam.name).focus()
    assert "waiting-count" in (photo(olivia, sam.name).get_attribute("aria-describedby") or "")
    olivia.page.keyboard.press("Enter")
    expect(
        olivia.page.get_by_text("All five places are taken. Remove somebody from the screen first.")
    ).to_be_visible()
    expect(sam.page.locator("#waiting-text")).to_be_visible()

    choose_on_tile(olivia, on_screen[0], "Remove")
    olivia.press(f"Remove {on_screen[0]}")
    expect(olivia.page.get_by_text("1 waiting · one place free")).to_be_visible()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)


def test_point_04_two_organizers_press_for_the_fifth_place(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia, omar, sam, rosa = (person(who).open_backstage() for who in ("olivia", "omar", "sam", "rosa"))
    put_guests_on_screen(product, scene, olivia, 4)
    sam.ask()
    rosa.ask()
    for organizer, asker in ((olivia, sam), (omar, rosa)):
        expect(photo(organizer, asker.name)).to_be_enabled()
    press = "at => setTimeout(() => document.querySelector(at).click(), %d - Date.now())"
    at_once = olivia.page.evaluate("Date.now() + 600")
    for organizer, asker in ((olivia, sam), (omar, rosa)):
        organizer.page.evaluate(press % at_once, f'[aria-label="Put {asker.name} on screen"]')
    for organizer in (olivia, omar):
        expect(organizer.page.locator(".tile:visible")).to_have_count(5)
        expect(organizer.page.locator(".waiting")).to_have_count(1)
    left = olivia.page.locator(".waiting__name").inner_text()
    loser = {sam.name: olivia, rosa.name: omar}[left]
    winner = omar if loser is olivia else olivia
    expect(loser.page.locator("#toasts")).to_contain_text("Five people are on screen")
    expect(winner.page.locator("#toasts")).to_be_empty()
    # The photo that was refused is no longer pressed, and says why.
    expect(photo(loser, left)).to_have_attribute("aria-busy", "false")
    expect(photo(loser, left)).to_be_disabled()
    came = rosa if left == sam.name else sam
    winner.wait_to_see(came)
    # It is above a dialog, where it can be pressed, and goes back when the dialog does.
    loser.press("Keyboard")
    photo(loser, left).evaluate("photo => photo.click()")
    said_why = loser.page.get_by_role("dialog", name="Keyboard").get_by_text("All five places are taken")
    expect(said_why).to_be_visible()
    loser.page.get_by_role("dialog").get_by_role("button", name="Dismiss").first.click()
    loser.page.keyboard.press("Escape")
    expect(loser.page.locator("body > #toasts")).to_have_count(1)


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


def test_point_04_the_sound_is_for_arrivals_and_for_whoever_switched_it_on(
    person: Callable[..., Person],
) -> None:
    olivia, sam = (person(who) for who in ("olivia", "sam"))
    olivia.context.add_init_script(
        """window.rung = 0;
        const start = OscillatorNode.prototype.start;
        const count = (...at) => { window.rung += 1; };
        OscillatorNode.prototype.start = function (...at) { count(); return start.apply(this, at); };"""
    )
    olivia.open_backstage()
    sam.open_backstage()
    toggle = olivia.page.get_by_role("button", name="Sound when somebody asks")
    expect(toggle).to_have_attribute("aria-pressed", "false")
    sam.ask()
    expect(said(olivia)).to_contain_text("asks to share")
    assert olivia.page.evaluate("rung") == 0

    toggle.click()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    olivia.page.reload()
    expect(toggle).to_have_attribute("aria-pressed", "true")
    expect(photo(olivia, sam.name)).to_be_visible()
    olivia.page.keyboard.press("Tab")
    assert olivia.page.evaluate("rung") == 0, "who waited already is no arrival"
    sam.press("Withdraw")
    expect(olivia.page.locator(".waiting")).to_have_count(0)
    assert olivia.page.evaluate("rung") == 0, "a withdrawal rings nothing"
    sam.ask()
    expect(said(olivia)).to_contain_text(f"{sam.name} asks to share")
    olivia.until(lambda: olivia.page.evaluate("rung") > 0, 2, "nothing rings")


def test_point_04_thirty_wait_and_nothing_jumps(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia = person("olivia").open_backstage()
    names = product.django(wait_in_queue, scene.token, 30)
    people = olivia.page.locator(".waiting")
    expect(people).to_have_count(30)
    expect(olivia.page.get_by_text("30 waiting · five places free")).to_be_visible()
    expect(said(olivia)).to_contain_text("30 waiting.")
    fifteenth = photo(olivia, names[14])
    fifteenth.focus()
    before = fifteenth.bounding_box()
    # People before and behind the one that is looked at go; it stays under the pointer, and keeps the focus.
    for name in (names[2], names[3], names[20]):
        product.django(answer_guest, scene.token, olivia.name, name, "dequeue")
    expect(people).to_have_count(27)
    after = fifteenth.bounding_box()
    assert before
    assert after
    assert abs(before["x"] - after["x"]) < 2
    expect(fifteenth).to_be_focused()
    width = olivia.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "the list scrolls, the page does not"


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def test_point_04_on_a_phone_menus_keep_off_their_person_and_fit_a_finger(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    olivia = person("olivia", viewport=PHONE, has_touch=True).open_backstage()
    on_screen = put_guests_on_screen(product, scene, olivia, 5)
    sam = person("sam").open_backstage()
    sam.ask()
    waiting = olivia.page.locator(".waiting")
    about = {name: olivia.tile(name) for name in on_screen} | {sam.name: waiting}
    menu = olivia.page.get_by_role("menu")
    for name, element in about.items():
        more = element.get_by_role("button", name=f"More for {name}")
        more.tap()
        covers, person_box = menu.bounding_box(), element.bounding_box()
        assert covers
        assert person_box
        assert not overlap(covers, person_box), f"the menu covers {name}"
        for item in menu.get_by_role("menuitem").all():
            box = item.bounding_box()
            assert box
            assert box["height"] >= FINGER
        olivia.page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
    for button in (
        waiting.locator("[data-accept]"),
        waiting.locator("[data-more]"),
        olivia.page.locator("#chime"),
    ):
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= FINGER
    # What hovering shows to others, a finger opens.
    waiting.get_by_role("button", name=f"More for {sam.name}").tap()
    olivia.page.get_by_role("menuitem", name="Details").tap()
    details = olivia.page.get_by_role("dialog", name=sam.name)
    expect(details).to_contain_text("Heard", timeout=10_000)


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
