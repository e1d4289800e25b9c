"""The Moderation panel: who waits, in order, put on screen by the keyboard alone while there are places."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.crowd import answer_guest, give_photo, lose_photo, wait_in_queue
from tests.browser.panel import choose_on_tile, photo, put_guests_on_screen, said
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

SHOWS_PHOTO = """(face) => {
  const image = face.querySelector("img");
  return image !== null && image.checkVisibility() && image.naturalWidth > 0;
}"""


def focused(person: Person) -> str | None:
    return person.page.evaluate("document.activeElement.getAttribute('aria-label')")


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
