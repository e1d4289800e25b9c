"""People without an account: they find their way by what the pages and the letters say."""

import re
import time
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.servers.product import Product

PASSWORD = "an-uncommon-Phrase-9"
LETTER_WITHIN_S = 20.0

At = Callable[[Page, str], None]


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


def sign_up(page: Page, product: Product, name: str, email: str, at: At = lambda page, state: None) -> None:
    """From wherever **Create an account** stands, back to where that led. `at` is told of each page on the way."""
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
