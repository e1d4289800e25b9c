"""From the sign-up to an organization with two people in it, by the pages and the letters alone."""

import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import count

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import expect_accessible
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PASSWORD = "an-uncommon-Phrase-9"
LETTER_WITHIN_S = 20.0

At = Callable[[Page, str], None]
_numbers = count(1)


def letter_to(product: Product, email: str, kind: str) -> str:
    """The link of this kind in the last letter to this address: letters are printed where the web server speaks."""
    deadline = time.monotonic() + LETTER_WITHIN_S
    while time.monotonic() < deadline:
        letters = product.log("web").split("Content-Type: text/plain")
        found = [
            link[1]
            for letter in letters
            if f"To: {email}" in letter and (link := re.search(rf"(http://\S+/{kind}/\S+)", letter))
        ]
        if found:
            return found[-1]
        time.sleep(0.1)
    raise AssertionError(f"no letter to {email}")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name, exact=True)).to_be_visible()


def sign_up(page: Page, product: Product, name: str, email: str, at: At) -> None:
    """From wherever **Create an account** stands, back to where that led."""
    follow(page, "Create an account")
    at(page, "sign-up")
    page.get_by_label("Your name").fill(name)
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Create an account")
    heading(page, "Confirm your e-mail address")
    at(page, "confirm-sent")
    page.goto(letter_to(product, email, "confirm-email"))
    press(page, "Confirm")


def walk(browser: Browser, product: Product, at: At) -> None:
    number = next(_numbers)
    olivia, ada = f"olivia{number}@walk.example", f"ada{number}@walk.example"
    hers, other = (browser.new_context(viewport=LAPTOP) for _ in range(2))
    page = hers.new_page()
    page.goto(product.url)
    sign_up(page, product, "Olivia Marsh", olivia, at)
    heading(page, "My events")
    at(page, "home-empty")

    follow(page, "New organization")
    press(page, "Create organization")
    at(page, "new-organization")
    page.get_by_label("Name of the organization").fill("Northwind Events")
    press(page, "Create organization")
    expect(page.get_by_role("status")).to_contain_text("Northwind Events is yours.")
    at(page, "organization-empty")

    follow(page, "Members")
    at(page, "members-alone")
    page.get_by_label("E-mail address").fill(olivia)
    press(page, "Send invitation")
    expect(page.get_by_label("E-mail address")).to_have_accessible_description(
        f"{olivia} belongs to a member already."
    )
    at(page, "members-refused")
    page.get_by_label("E-mail address").fill(ada)
    page.get_by_label("Role", exact=True).select_option("admin")
    press(page, "Send invitation")
    expect(page.get_by_role("status")).to_contain_text(f"We have sent an invitation to {ada}.")
    press(page, f"Send again to {ada}")
    expect(page.get_by_role("status")).to_contain_text("The link in the old one no longer works.")
    at(page, "members-invited")

    theirs = other.new_page()
    theirs.goto(letter_to(product, ada, "invitations"))
    heading(theirs, "Join Northwind Events")
    at(theirs, "invitation")
    sign_up(theirs, product, "Ada Kovač", ada, at)
    heading(theirs, "Join Northwind Events")
    at(theirs, "invitation-mine")
    press(theirs, "Join Northwind Events")
    expect(theirs.get_by_role("status")).to_contain_text("You belong to Northwind Events now.")
    theirs.goto(letter_to(product, ada, "invitations"))
    heading(theirs, "This invitation no longer works")
    at(theirs, "invitation-gone")

    theirs.goto(f"{product.url}/profile/")
    theirs.get_by_label("Your photo").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    press(theirs, "Save")
    expect(theirs.get_by_label("Your photo")).to_have_attribute("aria-invalid", "true")
    at(theirs, "profile-refused")
    theirs.get_by_label("Your photo").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    )
    press(theirs, "Save")
    shown = theirs.get_by_role("img", name="The picture as it is now")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.complete && image.naturalWidth") == 256
    at(theirs, "profile")
    follow(theirs, "Change e-mail address")
    at(theirs, "change-email")
    theirs.goto(f"{product.url}/accounts/password/change/")
    at(theirs, "change-password")
    theirs.goto(f"{product.url}/profile/delete/")
    at(theirs, "is-it-you")
    theirs.get_by_label("Password").fill(PASSWORD)
    press(theirs, "Go on")
    heading(theirs, "Delete your account?")
    at(theirs, "delete-account")

    page.goto(page.url)
    page.get_by_label("Role of Olivia Marsh", exact=True).select_option("member")
    press(page, "Change the role of Olivia Marsh")
    heading(page, "Give up your role?")
    at(page, "give-up-role")
    press(page, "Give up my role")
    expect(page.get_by_role("status")).to_contain_text("Make somebody else an owner first.")
    at(page, "members")
    follow(page, "Remove Ada Kovač")
    heading(page, "Remove Ada Kovač?")
    at(page, "remove")
    press(page, "Remove Ada Kovač")
    expect(page.get_by_role("status")).to_contain_text("Ada Kovač no longer belongs to Northwind Events.")
    follow(page, "Settings")
    at(page, "settings")

    press(theirs, "Delete my account")
    expect(theirs.get_by_role("status")).to_contain_text("Your account is deleted.")
    at(theirs, "deleted")
    for context in (hers, other):
        context.close()


def picture() -> bytes:
    written = BytesIO()
    Image.linear_gradient("L").resize((600, 600)).convert("RGB").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """All are told at the end, so that one run names everything."""
    found: list[str] = []
    yield found
    assert not found, "\n\n".join(found)


def test_two_people_come_together(browser: Browser, product: Product, faults: list[str]) -> None:
    def at(page: Page, state: str) -> None:
        for viewport in (PHONE, LAPTOP):
            page.set_viewport_size(viewport)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wide > 0:
                faults.append(f"{state} at {viewport['width']}: {wide} px too wide")
            try:
                expect_accessible(page)
            except AssertionError as found:
                faults.append(f"{state} at {viewport['width']}: {found}")

    walk(browser, product, at)
