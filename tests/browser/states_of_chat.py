"""Both tabs of the Backstage's chat, and the one beside the Stage, empty, full and failing; as states.py."""

from playwright.sync_api import expect

from tests.browser.chatting import say
from tests.browser.people import Person
from tests.browser.scene import block, make_scene
from tests.browser.states import Walk, menu_outlasted

#: A window that has become a phone's shows who is on screen: here the room that was looked at is opened again, as by a
#: finger, and in it what else was open.
OPENS_ON_PHONE = """([room, more]) => {
  window.opensOnPhone?.abort();
  window.opensOnPhone = new AbortController();
  const press = (selector, text) => [...document.querySelectorAll(selector)]
    .find((each) => each.checkVisibility() && each.textContent.includes(text)).click();
  matchMedia("(width <= 720px)").addEventListener("change", ({ matches }) => {
    if (!matches) return;
    press("[role=tab]", room);
    if (more) press(more, "");
  }, { signal: window.opensOnPhone.signal });
}"""


def _keeps_open_on_phone(person: Person, room: str, more: str | None = None) -> None:
    """`more`: the selector of what is pressed there then."""
    person.page.evaluate(OPENS_ON_PHONE, [room, more])


def chat(walk: Walk) -> None:
    """Both rooms empty and full, a message that waits and one that was refused, a mention, a mute, a block."""
    at = walk.at
    scene = make_scene(walk.product, "states-chat")
    olivia, sam = (walk.come(who, scene=scene).open_backstage() for who in ("olivia", "sam"))
    ada = walk.come("ada", scene=scene).open_stage()
    for one in (olivia, ada):
        expect(one.page.get_by_text("No messages yet").first).to_be_visible()
    for one in (olivia, sam):
        _keeps_open_on_phone(one, "Backstage")
    at(olivia, "chat-empty")
    olivia.page.get_by_role("tab", name="Event").click()
    _keeps_open_on_phone(olivia, "Event")
    at(olivia, "chat-event-empty")
    olivia.page.get_by_role("tab", name="Backstage").click()
    _keeps_open_on_phone(olivia, "Backstage")
    at(ada, "stage-chat-empty")
    say(olivia, "@Sam Barnes, you are next after the demo. Two minutes.")
    say(sam, "Ready. The slides are at https://example.com/slides")
    say(sam, "I will share my screen right away.")
    say(ada, "How does pricing work for schools?", "Event")
    expect(olivia.page.get_by_role("tab", name="Event 1 unread")).to_be_visible()
    at(olivia, "chat-full")
    at(sam, "chat-full-speaker")
    olivia.page.get_by_role("tab", name="Event").click()
    say(olivia, "Schools have it for free, @Ada Kovač.", "Event")
    _keeps_open_on_phone(olivia, "Event")
    at(olivia, "chat-event-full")
    expect(ada.page.locator("mark.mention")).to_be_visible()
    at(ada, "stage-chat-full")
    olivia.page.locator(".message").filter(has_text="for schools?").hover()
    olivia.page.locator(".message").filter(has_text="for schools?").locator("[data-message-more]").click()
    _keeps_open_on_phone(olivia, "Event", "[data-message-more]")
    at(olivia, "chat-menu")
    # A window of another size has closed it, or is about to.
    if not menu_outlasted(olivia):
        olivia.page.locator(".message").filter(has_text="for schools?").hover()
        olivia.page.locator(".message").filter(has_text="for schools?").locator("[data-message-more]").click()
    olivia.page.get_by_role("menuitem", name="Mute in chat").click()
    expect(ada.page.get_by_text("You have been muted by the organizer")).to_be_visible()
    at(ada, "stage-chat-muted")
    for number in range(6):
        say(sam, f"One after the other, {number}")
    expect(sam.page.get_by_role("button", name="Try again").first).to_be_visible()
    at(sam, "chat-failed")
    sam.page.get_by_role("textbox", name="Message the Backstage").press_sequentially("@o")
    expect(sam.page.get_by_role("option").first).to_be_visible()
    at(sam, "chat-mention")
    walk.product.django(block, scene.slug, "ada")
    expect(ada.page.get_by_role("dialog")).to_be_visible()
    expect(ada.page.locator(".chat__room > *")).to_have_class("chat__ended")
    at(ada, "stage-chat-turned-away")
