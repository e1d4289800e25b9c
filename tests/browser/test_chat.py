"""Talk, as people in browsers have it: in both tabs of a Backstage and beside the Stage, and over a bad line."""

import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chat_behind_pages import was_on_screen
from tests.browser.chatting import choose, field, said, say, tab, texts
from tests.browser.network import Network
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]


@contextmanager
def behind(browser: Browser, product: Product, scene: Scene, who: str) -> Iterator[tuple[Person, Network]]:
    """Somebody whose network can vanish."""
    with Network(product.port) as network:
        one = Person(browser, network, scene, who, paints=False, reads=False)  # type: ignore[arg-type]
        yield one, network
        one.close()


@pytest.fixture
def bait() -> Iterator[str]:
    """An address to be written, and clicked by nobody: whoever fetches it of themselves is caught at the end."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/bait"
        with pytest.raises(BlockingIOError):
            server.accept()


# --- the tests


def test_both_tabs_and_the_stage(
    product: Product, scene: Scene, person: Callable[..., Person], bait: str
) -> None:
    """Talk, unread counts, a mention, a deletion on every screen, a mute and its end. Sam is a speaker."""
    product.django(was_on_screen, scene.token, "sam")
    olivia, sam = (person(who, paints=False, reads=False).open_backstage() for who in ("olivia", "sam"))
    ada = person("ada", paints=False, reads=False).open_stage()
    for one in (olivia, sam):
        expect(one.page.get_by_text("Only people in this Backstage see these messages")).to_be_visible()
    expect(ada.page.get_by_text("Everyone registered sees these messages")).to_be_visible()
    player, beside = (ada.page.locator(each).bounding_box() for each in ("#player", ".stage__chat"))
    assert player
    assert beside
    assert player["x"] + player["width"] <= beside["x"]
    assert beside["y"] < player["y"] + player["height"]
    for one in (olivia, ada):
        expect(one.page.locator("#announcer")).to_have_role("status")
        assert one.page.locator("#announcer").get_attribute("aria-live") in (None, "polite")
        expect(one.page.get_by_role("log")).to_have_attribute("aria-live", "off")

    # Keys of the room are letters here, and Shift+Enter is a new line.
    field(olivia).press_sequentially("?Mvsf")
    expect(olivia.page.get_by_role("dialog")).to_be_hidden()
    field(olivia).press("Shift+Enter")
    field(olivia).press_sequentially("Hello")
    field(olivia).press("Enter")
    expect(said(sam, "?Mvsf\nHello")).to_be_visible()
    expect(said(olivia, "?Mvsf\nHello")).to_have_attribute("data-state", "sent")
    expect(said(olivia, "?Mvsf\nHello").get_by_text("Organizer")).to_be_visible()
    expect(field(olivia)).to_have_value("")
    expect(sam.page.locator("#announcer")).to_contain_text("Olivia Marsh: ?Mvsf")
    expect(ada.page.get_by_text("Hello")).to_be_hidden()

    # The tab that is not shown counts, also in its name; the arrows lead there.
    question = f"How does pricing work? See {bait}."
    say(ada, question, "Event")
    expect(tab(olivia, "Event 1 unread")).to_be_visible()
    tab(olivia, "Backstage").focus()
    olivia.page.keyboard.press("ArrowRight")
    expect(tab(olivia, "Event")).to_have_attribute("aria-selected", "true")
    expect(tab(olivia, "Event")).to_be_focused()
    expect(tab(olivia, "unread")).to_be_hidden()
    link = olivia.page.get_by_role("link", name=bait, exact=True)
    expect(link).to_have_attribute("href", bait)
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    say(olivia, "In the second half.", "Event")
    expect(said(ada, "In the second half.")).to_contain_text("Organizer")

    # So does the other.
    say(sam, "Shall I answer, too?")
    expect(tab(olivia, "Backstage 1 unread")).to_be_visible()
    tab(olivia, "Backstage").click()
    expect(said(olivia, "Shall I answer, too?")).to_be_visible()
    expect(tab(olivia, "unread")).to_be_hidden()
    tab(olivia, "Event").click()

    # Read on one page is read on all.
    again = person("olivia", paints=False, reads=False).open_backstage()
    expect(again.page.get_by_role("log")).to_contain_text("Hello")
    expect(again.page.locator("#chat-event .message")).not_to_have_count(0)
    expect(tab(again, "unread")).to_have_count(0)
    again.close()

    # A mention is completed by the keyboard, and marked for whom it names.
    tab(sam, "Event").click()
    expect(said(sam, question)).to_be_visible()
    field(sam, "Event").press_sequentially("Ask @oliv")
    options = sam.page.get_by_role("listbox", name="People whom you can mention")
    expect(options.get_by_role("option")).to_have_count(1)
    chosen = str(options.get_by_role("option", selected=True).get_attribute("id"))
    expect(field(sam, "Event")).to_have_attribute("aria-activedescendant", chosen)
    sam.page.keyboard.press("Escape")
    expect(options).to_be_hidden()
    field(sam, "Event").fill("")
    field(sam, "Event").press_sequentially("Ask @oli")
    expect(options.get_by_role("option")).to_have_count(1)
    sam.page.keyboard.press("Tab")
    expect(field(sam, "Event")).to_have_value("Ask @Olivia Marsh ")
    field(sam, "Event").press("Enter")
    expect(olivia.page.locator("mark.mention")).to_have_text("@Olivia Marsh")
    expect(ada.page.locator("span.mention")).to_have_text("@Olivia Marsh")
    expect(said(ada, "Ask @Olivia Marsh")).to_contain_text("Speaker")

    # Deleted, it goes from every screen. Authors delete their own; an attendee has no other choice.
    expect(said(ada, "Ask @Olivia Marsh").locator("[data-message-more]")).to_be_hidden()
    choose(sam, "Ask @Olivia Marsh", "Delete")
    asked = sam.page.get_by_role("dialog", name="Delete this message?")
    expect(asked).to_contain_text("Ask @Olivia Marsh")
    asked.get_by_role("button", name="Delete").click()
    for one in (olivia, sam, ada):
        expect(said(one, "Ask @Olivia Marsh")).to_have_count(0)

    # Muted, one reads; allowed again, one goes on with what was typed.
    field(ada, "Event").fill("Half a senten")
    choose(olivia, question, "Mute in chat")
    expect(ada.page.get_by_text("You have been muted by the organizer")).to_be_visible()
    expect(ada.page.locator("#announcer")).to_contain_text("no longer write in it")
    expect(field(ada, "Event")).to_be_hidden()
    choose(olivia, question, "Allow to chat")
    expect(field(ada, "Event")).to_have_value("Half a senten")
    expect(ada.page.locator("#announcer")).to_contain_text("You can write in this chat again.")

    # A reload leads back to the tab that was read.
    olivia.page.reload()
    expect(tab(olivia, "Event")).to_have_attribute("aria-selected", "true")
    expect(field(olivia, "Event")).to_be_visible()
    expect(field(olivia)).to_be_hidden()


def test_nothing_typed_is_lost(
    browser: Browser, product: Product, scene: Scene, person: Callable[..., Person]
) -> None:
    """A reload, a network that vanishes and returns, and a server that says not so fast."""
    olivia = person("olivia", paints=False, reads=False).open_backstage()
    say(olivia, "to be deleted")
    with behind(browser, product, scene, "sam") as (sam, network):
        sam.open_backstage()
        expect(said(sam, "to be deleted")).to_be_visible()
        network.vanish()
        say(sam, "sent into nothing")
        field(sam).fill("being typed")
        expect(said(sam, "sent into nothing")).to_have_attribute("data-state", "sending")
        for number in range(3):
            say(olivia, f"missed {number}")
        choose(olivia, "to be deleted", "Delete")
        olivia.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(said(olivia, "to be deleted")).to_have_count(0)
        # Something tells the page that the line may be dead; the old line still holds what was sent over it.
        sam.page.evaluate("dispatchEvent(new Event('online'))")
        expect(sam.page.get_by_text("Reconnecting… What you send is kept.").first).to_be_visible(
            timeout=20_000
        )
        say(sam, "sent without a line")
        field(sam).fill("being typed")
        network.come_back()
        expect(said(sam, "sent without a line")).to_have_attribute("data-state", "sent", timeout=20_000)
        expected = ["missed 0", "missed 1", "missed 2", "sent into nothing", "sent without a line"]
        for one in (sam, olivia):
            expect(one.page.locator(".message__text:visible")).to_have_count(5)
            assert sorted(texts(one)) == expected
        assert texts(sam) == texts(olivia)

        # A reload between typing and sending.
        sam.page.reload()
        expect(field(sam)).to_have_value("being typed")
        expect(said(sam, "missed 2")).to_be_visible()

        # Too fast: it stays, with the reason, and is sent when it may be.
        assert re.search(r"[1-6]$", sam.page.evaluate(FAST))
        failed = sam.page.locator('.message[data-state="failed"]').first
        expect(failed).to_contain_text("Wait a moment")
        refused = failed.locator(".message__text").text_content() or ""
        sam.page.reload()
        expect(said(sam, refused)).to_have_attribute("data-state", "failed")
        expect(said(sam, refused).get_by_role("button", name="Try again")).to_be_enabled()
        # A page counts from its loading, which came after what was sent.
        sam.until(lambda: sam.page.evaluate("performance.now()") > 5_500, 10, "time stands still")
        said(sam, refused).get_by_role("button", name="Try again").click()
        expect(said(olivia, refused)).to_be_visible()
        expect(said(sam, refused)).to_have_attribute("data-state", "sent")

        # Muted meanwhile: it stays, too, and says so only as long as that holds.
        network.vanish()
        say(sam, "by the way")
        choose(olivia, refused, "Mute in chat")
        sam.page.evaluate("dispatchEvent(new Event('online'))")
        network.come_back()
        muted = said(sam, "by the way").get_by_text("You have been muted by the organizer")
        expect(muted).to_be_visible(timeout=20_000)
        choose(olivia, refused, "Allow to chat")
        expect(said(sam, "by the way").get_by_text("Not sent.")).to_be_visible()
        expect(muted).to_be_hidden()
        said(sam, "by the way").get_by_role("button", name="Try again").click()
        expect(said(olivia, "by the way")).to_be_visible()


#: Faster than Playwright's keys on a busy machine. What stands behind "Try again" then.
FAST = """async () => {
  const field = document.querySelector('#chat-text-backstage');
  for (let number = 0; number < 7; number++) {
    field.value = `fast ${number}`;
    field.form.requestSubmit();
  }
  for (let looked = 0; looked < 400; looked++) {
    const again = document.querySelector('[data-state="failed"] [data-try-again]:disabled');
    if (again) return getComputedStyle(again, "::after").content + again.dataset.left;
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
