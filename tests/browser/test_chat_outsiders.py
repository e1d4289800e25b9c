"""Who is not let into a chat, or not any more: in a browser, nothing of it is there for them."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.axe import expect_clean
from tests.browser.chatting import field, said, say, tab
from tests.browser.people import Person
from tests.browser.scene import Scene, block, second_backstage, unregister
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

#: What one hears who asks by oneself, with one's own session and from the product's own page: all that is said, and the
#: code of the close; none within 20 s is a line that stays open.
KNOCK = """(path) => new Promise((done) => {
  const heard = [];
  const socket = new WebSocket(`ws://${location.host}${path}`);
  socket.addEventListener("message", ({ data }) => heard.push(data));
  socket.addEventListener("close", ({ code }) => done([code, heard.join()]));
  setTimeout(() => done([null, heard.join()]), 20_000);
})"""
#: All elements of the page, shown or not, and all that it keeps.
HELD = "() => document.documentElement.outerHTML + JSON.stringify({ ...sessionStorage, ...localStorage })"

WHISPER, PUBLIC, LATER = (
    "Nobody outside reads this",
    "Everybody registered reads this",
    "Said when you were gone",
)
#: Shown, and read out some seconds later: not as soon as the one before it.
LAST = "The last that you saw"
WORDS = (WHISPER, PUBLIC, LAST, LATER)
#: Milliseconds until whatever has come is read out: BETWEEN_MS in chat/static/chat/news.js, and a little.
READ_OUT_MS = 6_000


def held(page: Page) -> list[str]:
    """Which of the words the page holds."""
    everything = page.evaluate(HELD)
    return [word for word in WORDS if word in everything]


def is_kept_out(page: Page, scene: Scene, why: str) -> None:
    for path in (f"/ws/chat/backstage/{scene.token}/", f"/ws/chat/event/{scene.slug}/"):
        code, heard = page.evaluate(KNOCK, path)
        assert code == 4403
        assert f'"code":"{why}"' in heard
        assert not any(word in heard for word in (*WORDS, "Olivia Marsh", "unread"))


def frames_to(page: Page) -> list[str]:
    """All that any socket of the page is told from now on."""
    frames: list[str] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(str(frame))))
    return frames


def say_in_both(person: Person, whisper: str, public: str) -> None:
    for name, text in (("Backstage", whisper), ("Event", public)):
        tab(person, name).click()
        say(person, text, name)
        # In the room that is shown: the other may have the same.
        sent = person.page.locator(".chat__room:not([hidden]) .message").filter(has_text=text)
        expect(sent).to_have_attribute("data-state", "sent")


def test_whoever_is_not_registered_finds_nothing_of_either_chat(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    product.django(unregister, scene.slug, "rosa")
    say_in_both(person("olivia", paints=False, reads=False).open_backstage(), WHISPER, PUBLIC)
    rosa = person("rosa", paints=False, reads=False)
    for way in (rosa.open_backstage, rosa.open_stage):
        way()
        expect(rosa.page.get_by_role("button", name="Register")).to_be_visible()
        assert held(rosa.page) == []
        is_kept_out(rosa.page, scene, "not_registered")


def test_whoever_is_blocked_has_nothing_left_of_either_chat_and_hears_no_more(
    person: Callable[..., Person], product: Product, scene: Scene
) -> None:
    """In all their tabs, neither shown nor held. Somebody in another Backstage has nothing of this one."""
    olivia, tom = (person(who, paints=False, reads=False) for who in ("olivia", "tom"))
    olivia.open_backstage()
    backstage = tom.page
    frames = frames_to(backstage)
    tom.open_backstage()
    tom.open_tab()
    frames_at_stage = frames_to(tom.page)
    tom.open_stage()
    # What comes before its first word is not read out.
    expect(tom.page.get_by_text("Everyone registered sees these messages")).to_be_visible()
    stage_id, token = product.django(second_backstage, scene.slug)
    elsewhere = replace(scene, stage_id=stage_id, token=token, link=f"/backstage/{token}/")
    ken = person("ken", scene=elsewhere, paints=False, reads=False).open_backstage()
    expect(ken.page.get_by_text("Only people in this Backstage see these messages")).to_be_visible()

    say_in_both(olivia, WHISPER, PUBLIC)
    tom.until(lambda: held(tom.page) == [PUBLIC], 15, "the Stage has another chat")
    tom.until(lambda: held(backstage) == [WHISPER, PUBLIC], 15, "the Backstage does not have both")
    # Where it was read out, it stands until the next sentence.
    expect(tom.page.locator("#announcer")).to_contain_text(PUBLIC)
    say(olivia, LAST, "Event")
    expect(said(tom, LAST)).to_be_visible()

    product.django(block, scene.slug, "tom")
    blocked_ms = tom.page.evaluate("performance.now()")
    say_in_both(olivia, LATER, LATER)
    tab(ken, "Event").click()
    expect(said(ken, LATER)).to_have_count(1)
    for page, room in ((backstage, "#chat-backstage"), (backstage, "#chat-event"), (tom.page, "#chat-event")):
        expect(page.get_by_role("dialog")).to_contain_text("An organizer of this event has blocked you")
        expect(page.locator(f"{room} .message")).to_have_count(0)
        assert held(page) == []
    for told, last in ((frames, WHISPER), (frames_at_stage, PUBLIC)):
        assert any(last in frame for frame in told)
        assert not any(LATER in frame for frame in told)
    tom.until(
        lambda: tom.page.evaluate("performance.now()") > blocked_ms + READ_OUT_MS, 15, "time stands still"
    )
    assert held(backstage) == held(tom.page) == []
    assert tom.complaints == []
    is_kept_out(tom.page, scene, "blocked")
    for way in (tom.open_backstage, tom.open_stage):
        way()
        expect(tom.page.get_by_text("An organizer of this event has blocked you")).to_be_visible()
        assert held(tom.page) == []

    tab(ken, "Backstage").click()
    expect(field(ken)).to_be_visible()
    # The event's, and nothing of their Backstage.
    assert held(ken.page) == [PUBLIC, LAST, LATER]
    expect(said(ken, LATER)).to_have_count(1)
    assert ken.complaints == []


def test_a_chat_that_ends_alone_says_so_where_one_was(person: Callable[..., Person]) -> None:
    """The Stage goes on beside it, so no dialog takes the focus."""
    tom = person("tom", paints=False, reads=False)
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    tom.page.route_web_socket(re.compile("/ws/chat/"), pass_on)
    tom.open_stage()
    say(tom, "Here I am", "Event")
    expect(said(tom, "Here I am")).to_have_attribute("data-state", "sent")
    field(tom, "Event").fill("Still being typed")
    lines[-1].close(code=4403, reason="")
    over = tom.page.get_by_text("You can no longer read this chat.")
    expect(over).to_be_focused()
    expect(field(tom, "Event")).to_have_count(0)
    expect_clean(tom.page)
    tom.page.reload()
    expect(field(tom, "Event")).to_have_value("Still being typed")
