"""The chat's corners: what is said of a message and when, who may take it back, who is muted though nothing of theirs
is left, people of one name, and the chat of a draft.

All in one event, with pages that stay open: opening them is what takes the time.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.axe import expect_clean
from tests.browser.chat_behind_pages import (
    age,
    fill,
    forget,
    let_all_write,
    mentioned,
    namesake,
    unpublish,
    was_on_screen,
    when_seen,
    who_is_mentioned,
    write,
)
from tests.browser.chatting import READ_OUT, choose, field, said, say, tab
from tests.browser.people import Person
from tests.browser.scene import Scene, make_scene, on_air
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

#: The time in the reader's zone, to the second.
OF_THE_SHOW = re.compile(r"at \d\d:\d\d:\d\d of the show")


# --- the event and its people


def zone_of_noon() -> str:
    """A zone where it is about noon now, so that no day ends in the middle of a test."""
    ahead_h = 12 - datetime.now(UTC).hour
    # Names of these zones say how far Greenwich is ahead of them.
    return f"Etc/GMT{-ahead_h:+d}"


@pytest.fixture(scope="module")
def scene(product: Product) -> Scene:
    scene = make_scene(product, "chat-corners")
    product.django(fill, scene.slug, scene.token, ["long ago", "a day ago"], event=True)
    product.django(age, scene.slug, {"long ago": 400 * 24 * 60, "a day ago": 24 * 60})
    product.django(was_on_screen, scene.token, "ada")
    return scene


@pytest.fixture(scope="module")
def _olivia(browser: Browser, product: Product, scene: Scene) -> Iterator[Person]:
    olivia = Person(
        browser, product, scene, "olivia", paints=False, reads=False, timezone_id=zone_of_noon()
    ).open_backstage()
    yield olivia
    olivia.close()


@pytest.fixture
def olivia(_olivia: Person) -> Person:
    """Backstage, reading the event's chat."""
    tab(_olivia, "Event").click()
    return _olivia


@pytest.fixture(scope="module")
def ada(browser: Browser, product: Product, scene: Scene) -> Iterator[Person]:
    """A speaker, at the Stage."""
    ada = Person(browser, product, scene, "ada", paints=False, reads=False).open_stage()
    yield ada
    ada.close()


@pytest.fixture(autouse=True)
def _afterwards_all_may_write(product: Product, scene: Scene) -> Iterator[None]:
    """Whatever a test that failed has left."""
    yield
    product.django(let_all_write, scene.slug)


# --- the tests


def test_a_phone_shows_the_field_below_the_stage(person: Callable[..., Person]) -> None:
    """Without scrolling, before the show."""
    mia = person("mia", viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).open_stage()
    expect(mia.page.locator("#poster")).to_contain_text("The show has not started yet")
    expect(field(mia, "Event")).to_be_in_viewport(ratio=1)
    assert mia.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_days_are_told_apart(product: Product, scene: Scene, olivia: Person) -> None:
    days = olivia.page.locator("#chat-event .chat__date")
    expect(days).to_have_text([re.compile(r"\b20\d\d$"), "Yesterday"])
    product.django(write, scene.slug, "mia", "today")
    expect(said(olivia, "today")).to_be_visible()
    expect(days).to_have_text([re.compile(r"\b20\d\d$"), "Yesterday", "Today"])


def clock_of(person: Person, at: str) -> str:
    """To the second, in their zone."""
    shown: str = person.page.evaluate("at => new Date(at).toTimeString().slice(0, 8)", at)
    return shown


def test_when_in_the_show_it_was_written_and_who_speaks(
    product: Product, scene: Scene, olivia: Person, ada: Person
) -> None:
    """To the second, for those backstage."""
    # Her page has just been opened, and how long its first word was on its way it cannot know: by the next it does.
    product.django(write, scene.slug, "mia", "before")
    expect(said(ada, "before")).to_be_visible()
    product.django(on_air, scene.stage_id)
    say(ada, "Bravo!", "Event")
    expect(said(olivia, "Bravo!")).to_contain_text(OF_THE_SHOW)
    seen_at = product.django(when_seen, scene.slug, "Bravo!")
    assert clock_of(olivia, seen_at) in said(olivia, "Bravo!").inner_text()
    for one in (olivia, ada):
        expect(said(one, "Bravo!")).to_contain_text("Speaker")
        expect(said(one, "a day ago")).not_to_contain_text("Speaker")
    expect(said(ada, "Bravo!")).not_to_contain_text(OF_THE_SHOW)


def test_an_authors_own_end_after_five_minutes(product: Product, scene: Scene, ada: Person) -> None:
    """Also where the page still offers it."""
    for text in ("soon old", "still new"):
        say(ada, text, "Event")
        expect(said(ada, text)).to_have_attribute("data-state", "sent")
    expect(said(ada, "soon old").get_by_role("button", name="Options")).to_have_count(1)
    product.django(age, scene.slug, {"soon old": 6})
    choose(ada, "soon old", "Delete")
    ada.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(ada.page.locator(".chat__notice")).to_contain_text("You can delete a message for 5 minutes.")
    ada.page.reload()
    expect(said(ada, "still new").get_by_role("button", name="Options")).to_have_count(1)
    expect(said(ada, "soon old").get_by_role("button", name="Options")).to_have_count(0)


def test_whose_clock_is_fast_has_five_minutes_too_and_the_keyboard_goes_on(
    product: Product, scene: Scene, person: Callable[..., Person]
) -> None:
    """What is offered follows the server's clock. When its time is over it goes by itself, and takes no focus along."""
    ada = person("ada", paints=False, reads=False)
    ada.page.clock.install(time=datetime.now(UTC) + timedelta(minutes=7))
    ada.open_stage()
    say(ada, "by a fast clock", "Event")
    expect(said(ada, "by a fast clock")).to_have_attribute("data-state", "sent")
    menu = said(ada, "by a fast clock").get_by_role("button", name="Options")
    expect(menu).to_have_count(1)
    menu.focus()
    ada.page.clock.fast_forward("05:10")
    expect(menu).to_have_count(0)
    expect(ada.page.locator(".stage__chat :focus")).to_have_count(1)


def test_what_is_deleted_is_not_left_where_it_was_read_out(
    product: Product, scene: Scene, olivia: Person
) -> None:
    """Nor is it read out afterwards: the second one waits for its turn when both are taken away, the newest first."""
    # What others have written until now would be counted with these.
    olivia.page.reload()
    tab(olivia, "Event").click()
    expect(said(olivia, "a day ago")).to_be_visible()
    read_out, sentences = olivia.page.locator("#announcer"), olivia.page.evaluate_handle(READ_OUT)
    product.django(write, scene.slug, "rosa", "first rude word")
    expect(read_out).to_contain_text("first rude word")
    product.django(write, scene.slug, "rosa", "second rude word")
    expect(said(olivia, "second rude word")).to_be_visible()
    product.django(forget, scene.slug, "rosa")
    expect(said(olivia, "first rude word")).to_have_count(0)
    expect(read_out).not_to_contain_text("rude word")
    product.django(write, scene.slug, "mia", "calm again")
    expect(said(olivia, "calm again")).to_be_visible()
    expect(read_out).to_contain_text("calm again")
    assert "second" not in " ".join(sentences.json_value())


def test_muted_with_nothing_left_one_is_still_to_be_found(
    product: Product, scene: Scene, olivia: Person, ada: Person
) -> None:
    """An organizer takes what others wrote, whenever."""
    product.django(forget, scene.slug, "ada")
    for text in ("just now", "an hour ago"):
        say(ada, text, "Event")
        expect(said(olivia, text)).to_be_visible()
    product.django(age, scene.slug, {"an hour ago": 60})
    choose(olivia, "just now", "Mute in chat")
    for text in ("just now", "an hour ago"):
        choose(olivia, text, "Delete")
        olivia.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        for one in (olivia, ada):
            expect(said(one, text)).to_have_count(0)
    expect(field(ada, "Event")).to_be_hidden()
    olivia.page.reload()
    muted = olivia.page.get_by_role("button", name="Muted in chat · 1")
    expect(muted).to_have_attribute("aria-expanded", "false")
    tab(olivia, "Event").click()
    expect(olivia.page.locator("#chat-event").get_by_role("button", name="Muted in chat · 1")).to_be_visible()
    muted.focus()
    muted.press("Enter")
    allow = olivia.page.get_by_role("menuitem", name="Allow to chat: Ada Kovač")
    expect(allow).to_be_focused()
    expect_clean(olivia.page)
    allow.press("Enter")
    expect(field(ada, "Event")).to_be_visible()
    expect(olivia.page.get_by_role("button", name="Muted in chat")).to_have_count(0)
    expect(field(olivia, "Event")).to_be_focused()
    expect(olivia.page.locator(".chat__notice:visible")).to_have_text(
        "Ada Kovač can write in the chats again."
    )


def test_of_two_people_of_one_name_the_one_who_is_chosen(
    product: Product, scene: Scene, olivia: Person, ada: Person
) -> None:
    """Typed to the end, both."""
    product.django(namesake, scene.slug)
    field(olivia, "Event").press_sequentially("Thanks @Ad")
    expect(olivia.page.get_by_role("option", name="Ada Kovač")).to_have_count(2)
    olivia.page.keyboard.press("Enter")
    olivia.page.keyboard.press("Enter")
    expect(said(ada, "Thanks @Ada Kovač")).to_be_visible()
    assert product.django(mentioned, scene.slug, "Thanks @Ada Kovač") == 1
    field(olivia, "Event").press_sequentially("Well done @Ad")
    options = olivia.page.get_by_role("option", name="Ada Kovač")
    expect(options).to_have_count(2)
    second = options.nth(1).get_attribute("id")
    olivia.page.keyboard.press("ArrowDown")
    expect(field(olivia, "Event")).to_have_attribute("aria-activedescendant", str(second))
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    olivia.page.keyboard.press("Enter")
    olivia.page.keyboard.press("Enter")
    expect(said(ada, "Well done @Ada Kovač")).to_be_visible()
    both = product.django(who_is_mentioned, scene.slug, ["Thanks @Ada Kovač", "Well done @Ada Kovač"])
    assert len(both) == len(set(both)) == 2
    # By hand the field keeps the focus, so that a phone keeps its keys.
    field(olivia, "Event").press_sequentially("Bravo @Ad")
    options.nth(1).click()
    expect(field(olivia, "Event")).to_have_value("Bravo @Ada Kovač ")
    expect(field(olivia, "Event")).to_be_focused()
    field(olivia, "Event").press("Enter")
    expect(said(ada, "Bravo @Ada Kovač")).to_be_visible()
    bravo = product.django(who_is_mentioned, scene.slug, ["Bravo @Ada Kovač"])
    assert bravo == product.django(who_is_mentioned, scene.slug, ["Well done @Ada Kovač"])
    say(olivia, "And @Ada Kovač", "Event")
    expect(said(ada, "And @Ada Kovač")).to_be_visible()
    assert product.django(mentioned, scene.slug, "And @Ada Kovač") == 2


def test_who_is_found_is_said_again_when_fewer_are(olivia: Person) -> None:
    sentences = olivia.page.evaluate_handle(READ_OUT)
    options = olivia.page.locator("#chat-event").get_by_role("option")
    field(olivia, "Event").press_sequentially("Ask @t")
    expect(options).to_have_count(2)
    field(olivia, "Event").press_sequentially("o")
    expect(options).to_have_count(1)
    chosen = str(options.get_attribute("id"))
    expect(field(olivia, "Event")).to_have_attribute("aria-activedescendant", chosen)
    assert sentences.json_value() == [
        "2 people. Up and down choose, Enter mentions.",
        "One person. Enter mentions them.",
    ]
    field(olivia, "Event").fill("")


def test_what_is_written_before_the_page_has_heard_anything(
    product: Product, scene: Scene, olivia: Person, person: Callable[..., Person]
) -> None:
    """On its way, and there once the page has heard something. When it was written nobody knows."""
    ada = person("ada", paints=False, reads=False)
    product.django(on_air, scene.stage_id)
    lines: list[str] = []

    def door(line: WebSocketRoute) -> None:
        if "open" in lines:
            line.connect_to_server()
        else:
            lines.append("turned away")
            line.close(code=3000, reason="not yet")

    ada.page.route_web_socket(re.compile("/ws/chat/"), door)
    ada.open_stage()
    say(ada, "Too early", "Event")
    expect(said(ada, "Too early")).to_have_attribute("data-state", "sending")
    expect(said(ada, "Too early").get_by_text("Sending…")).to_be_visible()
    written_ms = ada.page.evaluate("Date.now()")
    ada.until(lambda: ada.page.evaluate("Date.now()") > written_ms + 3_500, 10, "time stands still")
    lines.append("open")
    expect(said(ada, "Too early")).to_have_attribute("data-state", "sent")
    assert "turned away" in lines
    expect(said(olivia, "Too early")).to_be_visible()
    for one in (olivia, ada):
        expect(said(one, "Too early")).not_to_contain_text(OF_THE_SHOW)


def test_a_draft_has_no_chat_until_it_is_published(product: Product, scene: Scene, olivia: Person) -> None:
    """Taken back, the event has none; published again, it opens by itself."""
    say(olivia, "Before", "Event")
    expect(said(olivia, "Before")).to_have_attribute("data-state", "sent")
    product.django(unpublish, scene.slug)
    closed = olivia.page.get_by_text("The chat opens here by itself once the event is published.")
    expect(closed.locator("visible=true")).to_have_count(1)
    expect(field(olivia, "Event")).to_be_hidden()
    expect(said(olivia, "Before")).to_be_hidden()
    olivia.page.reload()
    tab(olivia, "Event").click()
    expect(closed.locator("visible=true")).to_have_count(1)
    expect_clean(olivia.page)
    product.django(let_all_write, scene.slug)
    expect(field(olivia, "Event")).to_be_visible()
    expect(said(olivia, "Before")).to_be_visible()
    say(olivia, "Open again", "Event")
    expect(said(olivia, "Open again")).to_have_attribute("data-state", "sent")
