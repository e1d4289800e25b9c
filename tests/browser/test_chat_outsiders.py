"""Who is not let into a chat, or not any more: in a browser, nothing of it is there for them."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat_behind_pages import block
from tests.browser.chatting import field, said, say, tab
from tests.browser.people import Person
from tests.browser.scene import Scene, second_backstage, unregister
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

#: Whatever one hears who asks by oneself, with one's own session and from the product's own page: all that is said, and
#: the code of the close; none within 20 s is a line that stays open.
KNOCK = """(path) => new Promise((done) => {
  const heard = [];
  const socket = new WebSocket(`ws://${location.host}${path}`);
  socket.addEventListener("message", ({ data }) => heard.push(data));
  socket.addEventListener("close", ({ code }) => done([code, heard.join()]));
  setTimeout(() => done([null, heard.join()]), 20_000);
})"""
#: All that the page holds, shown or not, and what it keeps of this chat.
HELD = "() => document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage })"

WHISPER, PUBLIC, LATER = (
    "Nobody outside reads this",
    "Everybody registered reads this",
    "Said when you were gone",
)


@pytest.fixture
def sockets(scene: Scene) -> dict[str, str]:
    return {
        WHISPER: f"/ws/chat/backstage/{scene.token}/",
        PUBLIC: f"/ws/chat/event/{scene.slug}/",
    }


def is_kept_out(page: Page, sockets: dict[str, str]) -> None:
    for path in sockets.values():
        code, heard = page.evaluate(KNOCK, path)
        assert code is not None
        assert code >= 4400
        for word in (WHISPER, PUBLIC, LATER, "Olivia Marsh"):
            assert word not in heard


def test_whoever_is_not_registered_finds_nothing_of_either_chat(
    person: Callable[..., Person], product: Product, scene: Scene, sockets: dict[str, str]
) -> None:
    product.django(unregister, scene.slug, "rosa")
    olivia = person("olivia", paints=False, reads=False).open_backstage()
    say(olivia, WHISPER)
    tab(olivia, "Event").click()
    say(olivia, PUBLIC, "Event")
    expect(said(olivia, PUBLIC)).to_have_attribute("data-state", "sent")
    rosa = person("rosa", paints=False, reads=False)
    for way in (rosa.open_backstage, rosa.open_stage):
        way()
        expect(rosa.page.get_by_role("button", name="Register")).to_be_visible()
        held = rosa.page.evaluate(HELD)
        for word in (WHISPER, PUBLIC, "unread"):
            assert word not in held
        is_kept_out(rosa.page, sockets)


def test_whoever_is_blocked_has_nothing_left_of_either_chat_and_hears_no_more(
    browser: Browser,
    person: Callable[..., Person],
    product: Product,
    scene: Scene,
    sockets: dict[str, str],
) -> None:
    """In all their tabs, neither shown nor held; and nobody's page in another Backstage had any of it."""
    olivia, tom = (person(who, paints=False, reads=False).open_backstage() for who in ("olivia", "tom"))
    stage_id, token = product.django(second_backstage, scene.slug)
    elsewhere = replace(scene, stage_id=stage_id, token=token, link=f"/backstage/{token}/")
    ken = Person(browser, product, elsewhere, "ken", paints=False, reads=False).open_backstage()
    expect(ken.page.get_by_text("Only people in this Backstage see these messages")).to_be_visible()
    backstage, _ = tom.page, tom.open_tab()
    tom.open_stage()
    say(tom, PUBLIC, "Event")
    for one in (olivia, ken):
        tab(one, "Event").click()
        expect(said(one, PUBLIC)).to_be_visible()

    tab(olivia, "Backstage").click()
    say(olivia, WHISPER)
    expect(backstage.locator(".message").get_by_text(WHISPER)).to_be_visible()
    # Where it was read out, it stands until the next sentence.
    expect(backstage.locator("#announcer")).to_contain_text(WHISPER)

    product.django(block, scene.slug, "tom")
    say(olivia, LATER)
    tab(olivia, "Event").click()
    say(olivia, LATER, "Event")
    expect(said(ken, LATER)).to_have_count(1)
    for page in (backstage, tom.page):
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator(".message")).to_have_count(0)
        held = page.evaluate(HELD)
        for word in (WHISPER, PUBLIC, LATER):
            assert word not in held
    is_kept_out(tom.page, sockets)
    for way in (tom.open_backstage, tom.open_stage):
        way()
        expect(tom.page.get_by_role("heading", level=1)).to_be_visible()
        expect(tom.page.locator(".chat")).to_have_count(0)
        held = tom.page.evaluate(HELD)
        for word in (WHISPER, PUBLIC, LATER):
            assert word not in held

    # Ken shares the event with them, and nothing of their Backstage.
    tab(ken, "Backstage").click()
    expect(field(ken)).to_be_visible()
    assert WHISPER not in ken.page.evaluate(HELD)
    expect(said(ken, LATER)).to_have_count(1)
    assert ken.complaints == []
    ken.close()
