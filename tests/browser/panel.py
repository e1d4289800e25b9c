"""What organizers do in the Moderation panel and the ⋯ menus."""

from playwright.sync_api import Locator, expect

from tests.browser.crowd import answer_guest, wait_in_queue
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product


def photo(organizer: Person, name: str) -> Locator:
    return organizer.button(f"Put {name} on screen")


def choose(organizer: Person, name: str, item: str) -> None:
    """In the ⋯ menu of a person who waits."""
    organizer.page.locator("#waiting-people").get_by_role("button", name=f"More for {name}").click()
    organizer.page.get_by_role("menuitem", name=item, exact=True).click()


def choose_on_tile(organizer: Person, name: str, item: str) -> None:
    organizer.tile(name).get_by_role("button", name="More for").first.click()
    organizer.page.get_by_role("menuitem", name=item, exact=True).click()


def said(person: Person) -> Locator:
    return person.page.locator("#announcer")


def put_guests_on_screen(product: Product, scene: Scene, organizer: Person, count: int) -> list[str]:
    # The organizer answers, and so has to be inside.
    expect(organizer.page.locator("body[data-ready]")).to_be_attached()
    names = product.django(wait_in_queue, scene.token, count)
    for name in names:
        product.django(answer_guest, scene.token, organizer.name, name, "accept")
    return names
