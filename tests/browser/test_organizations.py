"""From the sign-up to an organization with two people in it, by the pages and the letters alone."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import count

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import expect_accessible
from tests.browser.newcomers import PASSWORD, At, follow, heading, letter_to, press, sign_up
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
_numbers = count(1)


def walk(browser: Browser, product: Product, at: At) -> None:
    number = next(_numbers)
    olivia, ada = f"olivia{number}@walk.example", f"ada{number}@walk.example"
    hers, other = (browser.new_context(viewport=LAPTOP) for _ in range(2))
    page = hers.new_page()
    for name in ("login", "password/reset"):
        page.goto(f"{product.url}/accounts/{name}/")
        at(page, name.replace("/", "-"))
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
    photo = theirs.get_by_label("Your photo")
    photo.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": bytes(9 * 2**20)})
    expect(photo).to_have_accessible_description(re.compile("This picture is larger than 2 MB"))
    at(theirs, "profile-too-large")
    name = theirs.get_by_label("Your name")
    name.fill("")
    press(theirs, "Save")
    # Nothing of the picture was sent, and yet all that is wrong is said at once.
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description(re.compile("Enter the name that others should see."))
    expect(photo).to_have_accessible_description(re.compile("This picture is larger than 2 MB"))
    name.fill("Ada Kovač")
    theirs.get_by_label("Your photo").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"}
    )
    press(theirs, "Save")
    expect(photo).to_have_accessible_description(re.compile("This file cannot be read as a picture."))
    at(theirs, "profile-refused")
    theirs.get_by_label("Your photo").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    )
    press(theirs, "Save")
    shown = theirs.get_by_role("img", name="The picture as it is now")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256
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
