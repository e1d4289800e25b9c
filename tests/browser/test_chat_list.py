"""The list of messages, on a laptop and on a phone: it pages upwards without a jump, and whatever is written fits."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import expect_clean
from tests.browser.chat_behind_pages import delete_first, fill, rename
from tests.browser.chatting import READ_OUT, field, said, say, tab
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

PHONE = {"width": 390, "height": 844}
#: Right to left, with a word of the other direction and marks upon marks.
HOSTILE_NAME = "מִרְיָם \u202eabc " + "a\u0301\u0316\u0489" * 12
#: What people write who mean no good, or only write another language.
HOSTILE = [
    "x" * 500,
    "漢" * 250 + "W" * 250,
    "Z" + "\u0316\u0317\u0301\u0489" * 100 + "algo",
    "\u202eright to left \u2067and not back",
    "שלום לכולם — hello (world)!",
    "👩\u200d👩\u200d👧\u200d👦" * 60,
    f"https://example.com/{'a' * 400}?q=1, (https://example.org/x_(y)). javascript:alert(1)",
    "<img src=x onerror=alert(1)> & <b>bold</b>",
    "one\n\n\n\ntwo\n   three",
]

SCROLL = "(to) => { document.querySelector('#chat-backstage .chat__scroll').scrollTop = to; }"
#: The first message that is wholly seen, and where.
TOP = """() => {
  const top = document.querySelector('#chat-backstage .chat__scroll').getBoundingClientRect().top;
  const seen = [...document.querySelectorAll('#chat-backstage .message')]
    .find((each) => each.getBoundingClientRect().top >= top);
  return [seen.querySelector('.message__text').textContent, seen.getBoundingClientRect().top - top];
}"""


def test_history_keeps_its_place(product: Product, scene: Scene, person: Callable[..., Person]) -> None:
    """Older messages come as one scrolls up; nothing that is read moves; the newest are followed at the bottom."""
    product.django(fill, scene.slug, scene.token, [f"old {number}" for number in range(1, 331)])
    sam, olivia = (person(who, paints=False, reads=False).open_backstage() for who in ("sam", "olivia"))
    expect(said(sam, "old 330")).to_be_visible()
    expect(sam.page.locator("#chat-backstage .message")).to_have_count(50)

    # To the top, again and again: what stands there stays where it is.
    loaded = 50
    while loaded < 330:
        place = sam.page.evaluate(f"({SCROLL})(120), ({TOP})()")
        loaded = min(330, loaded + 50)
        expect(sam.page.locator("#chat-backstage .message")).to_have_count(loaded)
        assert sam.page.evaluate(TOP) == [place[0], pytest.approx(place[1], abs=1)]
    expect(sam.page.get_by_text("Only people in this Backstage see these messages")).to_be_visible()

    # While one reads up there, a new one moves nothing and is offered; a deletion above moves nothing either.
    sam.page.evaluate(SCROLL, 3000)
    place = sam.page.evaluate(TOP)
    say(olivia, "new")
    pill = sam.button("New messages · 1")
    expect(pill).to_be_visible()
    assert sam.page.evaluate(TOP) == place
    product.django(delete_first, scene.token)
    expect(said(sam, "old 1")).to_have_count(0)
    assert sam.page.evaluate(TOP) == [place[0], pytest.approx(place[1], abs=1)]
    pill.click()
    expect(said(sam, "new")).to_be_in_viewport()
    # At the bottom one stays at the bottom, and what is far above is let go of.
    say(olivia, "newer")
    expect(said(sam, "newer")).to_be_in_viewport()
    assert sam.page.locator("#chat-backstage .message").count() <= 300
    expect(sam.button("New messages")).to_have_count(0)

    # A menu that is open stays beside its message, whatever comes.
    more = said(olivia, "newer").locator("[data-message-more]")
    said(olivia, "newer").hover()
    more.click()
    place = more.bounding_box()
    say(sam, "meanwhile")
    expect(said(olivia, "meanwhile")).to_have_count(1)
    assert more.bounding_box() == place
    olivia.page.keyboard.press("Escape")
    say(sam, "afterwards")
    expect(said(olivia, "afterwards")).to_be_in_viewport()

    # A hundred at once are one polite sentence, and the list itself says nothing.
    said_aloud = sam.page.locator("#announcer")
    expect(said_aloud).to_have_role("status")
    expect(sam.page.get_by_role("log")).to_have_attribute("aria-live", "off")
    rush = [f"rush {number}" for number in range(100)]
    sentences = sam.page.evaluate_handle(READ_OUT)
    product.django(fill, scene.slug, scene.token, rush, told=True)
    expect(said_aloud).to_contain_text("new messages in Backstage")
    expect(said(sam, "rush 99")).to_be_in_viewport()
    # Those that came a moment after the first ones are counted in a sentence of their own.
    sam.until(lambda: sentences.evaluate(RUSH)[0] >= 100, 15, "not all are told of")
    # As few as may be read out may be the last of them.
    assert sentences.evaluate(RUSH)[1] <= 3
    assert sentences.evaluate("all => all.length") <= 6
    expect(sam.page.locator("#alarm")).to_be_empty()


#: Of the rush: how many were counted or read out, and how many of them were read out.
RUSH = r"""(sentences) => {
  const readOut = sentences.filter((each) => each.includes("rush")).length;
  const counts = sentences.map((each) => Number(/^(\d+) new/.exec(each)?.[1] ?? 0));
  const counted = counts.reduce((sum, each) => sum + each, 0);
  return [counted + readOut, readOut];
}"""


#: Menus of messages that a finger does not hit: less than 44 pixels, or reaching into the next message.
SMALL_OR_COVERED = """() => {
  const menus = [...document.querySelectorAll("[data-message-more]")].filter((each) => each.checkVisibility());
  return menus.filter((menu) => {
    const box = menu.getBoundingClientRect();
    const within = menu.closest(".message").getBoundingClientRect();
    return box.height < 44 || box.width < 44 || box.bottom > within.bottom || box.top < within.top;
  }).map((menu) => menu.closest(".message").textContent);
}"""

OVERFLOW = """() => {
  const chat = document.querySelector('.chat__room:not([hidden])').getBoundingClientRect();
  const faults = [...document.querySelectorAll('.chat__room:not([hidden]) .message *')]
    .filter((each) => each.checkVisibility() && !each.closest('.visually-hidden, [data-grouped="true"] .message__head'))
    .filter((each) => {
      const { left, right, width } = each.getBoundingClientRect();
      return width > 1 && (left < chat.left - 0.5 || right > chat.right + 0.5);
    })
    .map((each) => each.className);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`the page is ${scrollWidth} wide`);
  const scroll = document.querySelector('.chat__room:not([hidden]) .chat__scroll');
  if (scroll.scrollWidth > scroll.clientWidth) faults.push(`the list is ${scroll.scrollWidth} wide`);
  // Marks that are piled upon a letter stay in the box of their message.
  for (const each of document.querySelectorAll('.message__text')) {
    if (getComputedStyle(each).overflow !== 'clip') faults.push('a text may paint over its neighbours');
  }
  // Name, role and time stand beside one another or one below the other, whatever the name does.
  for (const head of document.querySelectorAll('[data-grouped="false"] .message__head')) {
    const boxes = [...head.children].filter((each) => each.textContent).map((each) => each.getBoundingClientRect());
    for (const [place, box] of boxes.entries()) {
      const before = boxes[place - 1];
      const isCovered = before && box.left < before.right - 1 && box.top < before.bottom - 1;
      if (isCovered) faults.push(`covered: ${head.textContent}`);
    }
  }
  return faults;
}"""


def test_whatever_is_written_stays_in_its_place(
    product: Product, scene: Scene, person: Callable[..., Person]
) -> None:
    """Hostile texts, on a laptop and on a phone; there the chat is a panel over the room that Back closes."""
    product.django(rename, scene.slug, {"ken": HOSTILE_NAME, "mia": "W" * 40})
    product.django(fill, scene.slug, scene.token, HOSTILE)
    product.django(fill, scene.slug, scene.token, HOSTILE, event=True)
    olivia = person("olivia", paints=False, reads=False).open_backstage()
    page: Page = olivia.page
    expect(page.locator("#chat-backstage .message")).to_have_count(len(HOSTILE))
    assert page.evaluate(OVERFLOW) == []
    assert page.locator("#chat-backstage .message__text img, #chat-backstage .message__text b").count() == 0
    assert page.locator("#chat-backstage .message__text a").evaluate_all(
        "all => all.map((a) => a.textContent)"
    ) == [
        f"https://example.com/{'a' * 400}?q=1",
        "https://example.org/x_(y)",
    ]
    field(olivia).fill("漢" * 499 + "\n\n\n" + "字" * 12)
    expect(page.get_by_role("tabpanel").get_by_text("13 too many: at most 500 can be sent")).to_be_visible()
    field(olivia).press("Enter")
    expect(page.locator("#chat-backstage .message")).to_have_count(len(HOSTILE))
    assert page.evaluate(OVERFLOW) == []
    field(olivia).fill("")
    expect_clean(page)

    # Folded, the count stays to be seen, and the next visit finds it so.
    page.get_by_role("button", name="Chat").click()
    expect(page.get_by_role("button", name=f"Chat {len(HOSTILE)} unread")).to_be_visible()
    page.reload()
    expect(page.get_by_role("log")).to_be_hidden()
    page.get_by_role("button", name="Chat").click()
    expect(page.get_by_role("log")).to_be_visible()

    page.set_viewport_size(PHONE)
    expect(page.get_by_role("log")).to_be_hidden()
    expect(tab(olivia, "On screen")).to_have_attribute("aria-selected", "true")
    tab(olivia, "Event").click()
    expect(page.get_by_role("log")).to_be_visible()
    assert page.locator(".room__bottom").get_attribute("inert") is not None
    expect(page.locator("#chat-event [data-message-more]:visible")).to_have_count(len(HOSTILE))
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(SMALL_OR_COVERED) == []
    expect_clean(page)
    tab(olivia, "Backstage").click()
    field(olivia).focus()
    page.go_back()
    expect(page.get_by_role("log")).to_be_hidden()
    expect(tab(olivia, "On screen")).to_be_focused()
    assert page.locator(".room__bottom").get_attribute("inert") is None
    ada: Any = person("ada", paints=False, reads=False, viewport=PHONE).open_stage()
    expect(ada.page.locator(".message")).to_have_count(len(HOSTILE))
    for width in (320, PHONE["width"]):
        ada.page.set_viewport_size({**PHONE, "width": width})
        ada.page.wait_for_function("width => innerWidth === width", arg=width)
        assert ada.page.evaluate(OVERFLOW) == []
    player, chat = (ada.page.locator(each).bounding_box() for each in ("#player", ".stage__chat"))
    assert player["y"] + player["height"] <= chat["y"]
    expect_clean(ada.page)
    assert not olivia.complaints
