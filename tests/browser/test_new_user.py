"""From nobody to a broadcast, and from a public page to watching it: without one look at documentation."""

import re
import time
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.newcomers import follow, heading, press, sign_up
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

#: Of all pictures on the page that move: how many frames were shown.
FRAMES = """() => [...document.querySelectorAll("#tiles video")]
  .map((video) => video.getVideoPlaybackQuality().totalVideoFrames).reduce((all, each) => all + each, 0)"""
_numbers = count(1)


def newcomer(browser: Browser) -> BrowserContext:
    return browser.new_context(
        viewport={"width": 1280, "height": 800},
        permissions=["camera", "microphone", "clipboard-read", "clipboard-write"],
    )


def make_event(page: Page) -> None:
    follow(page, "New organization")
    page.get_by_label("Name of the organization").fill("Harbour Talks")
    press(page, "Create organization")
    follow(page, "Create event")
    page.get_by_label("Name", exact=True).fill("Evening by the Harbour")
    now = datetime.now(UTC)
    page.get_by_label("Starts").fill(f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}")
    page.get_by_label("Ends").fill(f"{now + timedelta(hours=5):%Y-%m-%dT%H:%M}")
    page.get_by_label("Time zone").select_option("UTC")
    press(page, "Create event")
    heading(page, "Evening by the Harbour")
    expect(page.get_by_role("link", name="Add one in the Stage tab")).to_be_visible()
    press(page, "Publish")


def add_stage(page: Page) -> None:
    follow(page, "Stage")
    page.get_by_role("button", name="Add stage").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Main Stage")
    dialog.get_by_role("button", name="Add stage").click()
    expect(page.get_by_role("region", name="Main Stage")).to_be_visible()


def watch(page: Page, product: Product, email: str, event_page: str) -> None:
    """A visitor of the public page registers, and goes to the Stage."""
    page.goto(event_page)
    heading(page, "Evening by the Harbour")
    sign_up(page, product, "Ada Kovač", email)
    press(page, "Register")
    expect(page.get_by_text("You are registered", exact=False).first).to_be_visible()
    follow(page, "Go to the Stage")
    expect(page.get_by_text("The show has not started yet")).to_be_visible()


def read_what_was(page: Page, stage_tab: str) -> None:
    """The numbers of the Overview, of a show that one person backstage gave for one at the Stage."""
    page.goto(stage_tab)
    follow(page, "Overview")
    for name in ("Registered", "Came", "Peak on the Stage", "Peak backstage", "Broadcasts"):
        number = (
            page.locator(".numbers-row > div").filter(has=page.get_by_text(name, exact=True)).locator("dd")
        )
        expect(number).to_have_text(re.compile(r"^\s*1\b"))


def moves(page: Page, within_s: float) -> None:
    # Asked again and again: the page's policy lets nothing be evaluated in it, a condition to wait for neither.
    first, deadline = page.evaluate(FRAMES), time.monotonic() + within_s
    while page.evaluate(FRAMES) <= first + 20:
        assert time.monotonic() < deadline, "the picture does not move"
        page.wait_for_timeout(100)


def test_a_new_user_broadcasts_and_a_visitor_watches(browser: Browser, product: Product) -> None:
    number = next(_numbers)
    hers, theirs = newcomer(browser), newcomer(browser)
    organizer, attendee = hers.new_page(), theirs.new_page()
    organizer.goto(product.url)
    sign_up(organizer, product, "Olivia Marsh", f"newcomer{number}@harbour.example")
    make_event(organizer)
    add_stage(organizer)
    stage_tab = organizer.url
    press(organizer, "Copy link")
    expect(organizer.get_by_text("Copied").first).to_be_visible()
    link = organizer.evaluate("navigator.clipboard.readText()")

    follow(organizer, "Overview")
    press(organizer, "Copy address")
    expect(organizer.get_by_text("Copied").first).to_be_visible()
    event_page = organizer.evaluate("navigator.clipboard.readText()")
    watch(attendee, product, f"visitor{number}@harbour.example", event_page)

    organizer.goto(link)
    welcome = organizer.get_by_role("region", name="Welcome to the Backstage")
    welcome.get_by_role("button", name="Share Audio and Video", exact=True).click()
    confirm = organizer.get_by_role("dialog").get_by_role("button", name="Share Audio and Video", exact=True)
    expect(confirm).to_be_enabled()
    confirm.click()
    expect(organizer.get_by_role("group", name="Olivia Marsh")).to_be_visible()
    press(organizer, "Broadcast")
    expect(organizer.locator("#show-label")).to_have_text("Going live…")
    expect(organizer.locator("#show-label")).to_have_text("LIVE", timeout=25_000)
    expect(attendee.get_by_text("LIVE", exact=True).first).to_be_visible(timeout=10_000)
    expect(attendee.get_by_role("group", name=re.compile("Olivia Marsh"))).to_be_visible()
    moves(attendee, within_s=20)
    press(organizer, "Stop Broadcasting")
    expect(organizer.locator("#show-label")).to_have_text("Off air", timeout=25_000)
    read_what_was(organizer, stage_tab)
    for context in (hers, theirs):
        context.close()
