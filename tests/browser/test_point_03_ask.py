"""Asking to share: the queue, and every way in which a request ends."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.asking import decline, place, remove, use_here
from tests.browser.axe import expect_accessible
from tests.browser.lossy import LossyLink
from tests.browser.people import Person
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

#: The one connection that sends while its person waits.
MEASURES = """timecode.peers.some((peer) => peer.connectionState === "connected" &&
  peer.getSenders().some(({ track }) => track))"""


def test_point_03_each_has_a_place_in_the_queue_and_may_withdraw(person: Callable[..., Person]) -> None:
    olivia, *askers = (person(who).open_backstage() for who in ("olivia", "sam", "rosa", "ken"))
    sam, rosa, ken = askers
    for number, asker in enumerate(askers, start=1):
        asker.ask()
        place(asker, number)
    expect(olivia.page.locator(".waiting__name")).to_have_text([sam.name, rosa.name, ken.name])
    expect(olivia.page.get_by_text("3 waiting · five places free")).to_be_visible()

    sam.press("Withdraw")
    place(rosa, 1)
    place(ken, 2)
    expect(olivia.page.locator(".waiting__name")).to_have_text([rosa.name, ken.name])
    expect(sam.page.locator("#announcer")).to_have_text("You have withdrawn your request.")
    sam.until(lambda: sam.live_tracks() == 0, 5, "a light stays on")
    expect(sam.button("Ask to Share Audio and Video").first).to_be_focused()


def test_point_03_a_request_is_declined_with_a_word(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    sam.ask()
    word = "After the break, <b>please</b>."
    decline(olivia, sam, word)
    answer = sam.page.locator("#answer")
    expect(answer).to_contain_text("An organizer declined your request for now. You can ask again.")
    expect(answer).to_contain_text(word)
    assert answer.locator("b").count() == 0, "text, never markup"
    expect(sam.page.locator("#announcer")).to_contain_text(word)
    sam.until(lambda: sam.live_tracks() == 0, 5, "a light stays on")

    sam.page.reload()
    expect(answer).to_contain_text(word)
    sam.ask()
    place(sam, 1)
    expect(answer).to_be_hidden()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    expect(answer).to_be_hidden()


def test_point_03_declining_without_a_word_is_two_keys(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    sam.ask()
    olivia.button(f"Put {sam.name} on screen").focus()
    olivia.page.keyboard.press("Delete")
    olivia.page.keyboard.press("Enter")
    expect(sam.page.locator("#answer")).to_contain_text("An organizer declined your request")
    expect(olivia.page.get_by_role("heading", name="Moderation")).to_be_focused()
    # What is no longer true goes away, also when it is dismissed.
    sam.page.locator("#answer").get_by_role("button", name="Dismiss").click()
    sam.page.reload()
    expect(sam.button("Ask to Share Audio and Video").first).to_be_enabled()
    expect(sam.page.locator("#answer")).to_be_hidden()


def test_point_03_a_request_survives_a_reload_and_a_lost_connection(
    person: Callable[..., Person], product: Product
) -> None:
    olivia, sam, rosa = (person(who).open_backstage() for who in ("olivia", "sam", "rosa"))
    sam.ask()
    rosa.ask()
    place(rosa, 2)
    rosa.page.reload()
    place(rosa, 2)
    rosa.until(lambda: rosa.live_tracks() == 2, 5, "camera and microphone are held again")

    before = product.pid("web")
    product.kill("web")
    product.wait_until_replaced("web", before)
    expect(rosa.page.locator("#banner")).to_be_hidden(timeout=15_000)
    place(rosa, 2)
    expect(olivia.page.locator(".waiting__name")).to_have_text([sam.name, rosa.name], timeout=15_000)
    olivia.page.evaluate("timecode.follow()")
    olivia.put_on_screen(rosa)
    olivia.wait_to_see(rosa)
    place(sam, 1)


def test_point_03_a_request_ends_when_its_person_leaves_or_is_taken_out(
    person: Callable[..., Person],
) -> None:
    olivia, sam, rosa = (person(who).open_backstage() for who in ("olivia", "sam", "rosa"))
    sam.ask()
    rosa.ask()
    place(rosa, 2)
    sam.press("Leave")
    place(rosa, 1)
    expect(olivia.page.locator(".waiting__name")).to_have_text([rosa.name])
    sam.page.wait_for_url("**/events/**")
    sam.open_backstage()
    answer = sam.page.locator("#answer-text")
    expect(answer).to_be_visible()
    expect(answer).to_have_text("Your request ended because you left. You can ask again.")
    sam.ask()
    place(sam, 2)
    expect(answer).to_be_hidden()
    sam.press("Withdraw")

    olivia.press(f"More for {rosa.name}")
    olivia.page.get_by_role("menuitem", name="Remove", exact=True).click()
    # Asked once: her place would be lost.
    asked = olivia.page.get_by_role("dialog", name=f"Remove {rosa.name} from the queue?")
    asked.get_by_role("button", name="Cancel").click()
    place(rosa, 1)
    olivia.press(f"More for {rosa.name}")
    olivia.page.get_by_role("menuitem", name="Remove", exact=True).click()
    asked.get_by_role("button", name=f"Remove {rosa.name}").click()
    expect(rosa.page.locator("#answer")).to_contain_text("You are no longer in the queue. You can ask again.")
    expect(olivia.page.get_by_text("nobody waiting · five places free")).to_be_visible()
    rosa.until(lambda: rosa.live_tracks() == 0, 5, "a light stays on")

    # Whoever goes while it is asked: it is said, and the keyboard does not fall out of the page.
    for answer in (f"Remove {rosa.name}", "Cancel"):
        rosa.ask()
        olivia.press(f"More for {rosa.name}")
        olivia.page.get_by_role("menuitem", name="Remove", exact=True).click()
        expect(asked).to_be_visible()
        rosa.press("Withdraw")
        expect(olivia.page.locator(".waiting")).to_have_count(0)
        asked.get_by_role("button", name=answer).click()
        expect(olivia.button("Share Audio and Video").first).to_be_focused()
        expect(olivia.page.locator("#toasts")).to_contain_text("This request is no longer waiting.")


def test_point_03_the_page_tells_what_it_measures_while_it_waits(person: Callable[..., Person]) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    rosa = person("rosa")
    with LossyLink(rosa) as link:
        rosa.open_backstage()
        sam.ask()
        place(sam, 1)
        rosa.ask()
        rosa.until(lambda: rosa.page.evaluate(MEASURES), 5, "the uplink is not measured")
        link.lost = 0.3
        waiting, weak = (olivia.page.locator(".waiting").nth(number) for number in (0, 1))
        rows = waiting.locator(".preflight [data-row]")
        expect(waiting.locator(".waiting__word")).to_have_text("ready", timeout=15_000)
        card = waiting.locator(".preflight")
        expect(card).to_be_hidden()
        waiting.hover()
        expect(card).to_be_visible()
        expect(card.locator("[data-row=connection]")).to_have_text("Good")
        expect(rows).to_have_text(
            ["Found", "Found", "Heard", "Good", "Direct", re.compile("Chrom"), "No"], use_inner_text=True
        )
        olivia.page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        expect(weak.locator(".waiting__word")).to_have_text("weak link")
        weak.hover()
        expect(weak.locator("[data-row=connection]")).to_have_text("Weak")


def test_point_03_everybody_concerned_sees_each_change(person: Callable[..., Person]) -> None:
    """How soon (within 300 ms): tests/load/bench_asking.py."""
    olivia, omar, sam, rosa = (person(who).open_backstage() for who in ("olivia", "omar", "sam", "rosa"))
    queue = [organizer.page.locator(".waiting__name") for organizer in (olivia, omar)]
    sam.ask()
    place(sam, 1)
    rosa.ask()
    place(rosa, 2)
    for names in queue:
        expect(names).to_have_text([sam.name, rosa.name])
    sam.press("Withdraw")
    place(rosa, 1)
    for names in queue:
        expect(names).to_have_text([rosa.name])
    decline(olivia, rosa)
    expect(rosa.page.locator("#answer")).to_contain_text("declined")
    for names in queue:
        expect(names).to_have_count(0)
    sam.ask()
    omar.put_on_screen(sam)
    for one in (olivia, omar, sam, rosa):
        expect(one.tile(sam.name)).to_be_visible()
    remove(olivia, sam)
    for one in (olivia, omar, sam, rosa):
        expect(one.tile(sam.name)).to_be_hidden()


def test_point_03_what_was_off_while_waiting_is_off_after_a_reload_and_on_screen(
    person: Callable[..., Person],
) -> None:
    olivia, sam = (person(who).open_backstage() for who in ("olivia", "sam"))
    sam.ask()
    place(sam, 1)
    sam.page.keyboard.press("m")
    sam.page.keyboard.press("v")
    sam.page.reload()
    place(sam, 1)
    sam.until(lambda: sam.live_tracks() == 2, 5, "camera and microphone are held again")
    for control in ("Microphone", "Camera"):
        expect(sam.button(control)).to_have_attribute("aria-pressed", "false")
    olivia.put_on_screen(sam)
    muted = olivia.tile(sam.name).locator(".plate__muted")
    expect(muted).to_be_visible()
    expect(olivia.tile(sam.name)).to_have_attribute("data-connecting", "false", timeout=15_000)
    expect(olivia.tile(sam.name)).to_have_attribute("data-picture", "false")
    assert sam.page.evaluate("timecode.streams.at(-1).getTracks().every((track) => !track.enabled)")
    assert not olivia.frames_of(sam)
    sam.page.keyboard.press("m")
    expect(muted).to_be_hidden()


def test_point_03_a_request_that_waits_elsewhere_opens_nothing_here_until_it_is_wanted(
    person: Callable[..., Person],
) -> None:
    olivia, laptop = (person(who).open_backstage() for who in ("olivia", "sam"))
    laptop.ask()
    place(laptop, 1)
    other = person("sam").open_backstage()
    place(other, 1)
    expect(other.page.get_by_text("You have asked in another window or on another computer.")).to_be_visible()
    other.page.wait_for_timeout(1000)
    assert other.live_tracks() == 0
    expect_accessible(other.page)
    use_here(other)
    expect(other.button("Microphone")).to_be_visible()
    olivia.put_on_screen(other)
    olivia.wait_to_see(other)


def test_point_03_accepted_in_the_midst_of_a_reload(person: Callable[..., Person]) -> None:
    """The page hears of the tile after it was told that it has none, and of the request only when it is over."""
    olivia, sam = person("olivia").open_backstage(), person("sam")
    sam.context.add_init_script(
        """const Native = WebSocket;
        window.WebSocket = class extends Native {
          constructor(url) {
            const isHeld = sessionStorage.getItem("held") && String(url).includes("/ws/moderation/");
            super(isHeld ? String(url).replace("moderation", "nowhere") : url);
          }
        };"""
    )
    sam.open_backstage()
    sam.ask()
    place(sam, 1)
    sam.page.evaluate("sessionStorage.setItem('held', 'yes')")
    sam.page.reload()
    expect(sam.page.locator("body[data-ready]")).to_be_attached()
    assert sam.live_tracks() == 0
    olivia.put_on_screen(sam)
    sam.page.evaluate("sessionStorage.removeItem('held')")
    sam.page.evaluate("timecode.follow()")
    olivia.wait_to_see(sam)
    assert sam.live_tracks() == 2


def test_point_03_removed_while_a_reload_asks_for_the_devices(person: Callable[..., Person]) -> None:
    olivia, sam = person("olivia").open_backstage(), person("sam")
    sam.context.add_init_script(
        """const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        const answered = new Promise((resolve) => (window.allow = resolve));
        navigator.mediaDevices.getUserMedia = async (wanted) => {
          window.asked = true;
          if (sessionStorage.getItem("slow")) await answered;
          return open(wanted);
        };"""
    )
    sam.open_backstage()
    sam.ask()
    olivia.put_on_screen(sam)
    olivia.wait_to_see(sam)
    sam.page.evaluate("sessionStorage.setItem('slow', 'yes')")
    sam.page.reload()
    sam.until(lambda: sam.page.evaluate("window.asked === true"), 5, "not opened again")
    remove(olivia, sam)
    expect(sam.tile(sam.name)).to_be_hidden()
    sam.page.evaluate("allow()")
    sam.page.wait_for_timeout(500)
    assert sam.live_tracks() == 0
    expect(sam.button("Ask to Share Audio and Video").first).to_be_visible()
