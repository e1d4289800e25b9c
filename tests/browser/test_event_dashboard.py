"""An organizer makes an event and runs it from its dashboard: one walk through all tabs, as people do it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.axe import expect_accessible, findings
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.servers.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.timeout(480)]

PICTURE = Path(__file__).parents[2] / "docs" / "images" / "stage.png"
#: What axe finds in Swagger UI's own markup: its colours are too pale, a line that opens holds a button, and long lines
#: scroll for the mouse alone. The page around it is ours.
OF_SWAGGER = {"color-contrast", "nested-interactive", "scrollable-region-focusable"}
#: The reader's, while the event is in Lisbon.
ZONE = "Asia/Tokyo"


@pytest.fixture
def olivia(browser: Browser, product: Product, scene: Scene) -> Iterator[Person]:
    person = Person(browser, product, scene, "olivia", paints=False, reads=False, timezone_id=ZONE)
    yield person
    assert not person.complaints
    person.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Event", exact=True).get_by_role("link", name=name).click()
    expect(
        page.get_by_role("link", name=name, exact=True).and_(page.locator("[aria-current=page]"))
    ).to_be_visible()
    expect_accessible(page)


def test_an_event_from_its_first_name_to_the_list_of_its_people(
    olivia: Person, product: Product, scene: Scene
) -> None:
    page = olivia.page
    organization = f"{product.url}/organizations/house-{scene.slug}/"
    page.goto(f"{organization}events/new/")
    expect_accessible(page)
    create(page, organization)
    tab(page, "Settings")
    edit(page)
    on_a_telephone(page)
    tab(page, "Speakers")
    add_speakers(page)
    see_in_public(page)
    people(page, product, scene)
    archive(page)
    browse_the_api(page, product)


def create(page: Page, organization: str) -> None:
    page.get_by_label("Name", exact=True).fill("Winter School")
    cancel_and_stay(page)
    page.get_by_label("Starts").fill("2027-07-01T09:00")
    page.get_by_label("Ends").fill("2027-07-01T08:00")
    page.get_by_label("Time zone").select_option("Europe/Lisbon")
    press(page, "Create event")
    expect(page.get_by_text("An event has to end after it starts.")).to_be_visible()
    expect(page.get_by_label("Ends")).to_be_focused()
    expect(page.get_by_label("Ends")).to_have_accessible_description(
        "An event has to end after it starts. Change one of the two."
    )
    page.get_by_label("Ends").fill("2027-07-01T17:00")
    page.get_by_role("button", name="Create event", exact=True).dblclick()
    expect(page.get_by_role("heading", name="Winter School", level=1)).to_be_visible()
    made = page.url
    page.goto(organization)
    expect(page.get_by_role("link", name="Winter School")).to_have_count(1)
    page.goto(made)
    stays_with_what_is_not_saved(page)
    press(page, "Publish")
    expect(page.get_by_text("Winter School is published")).to_be_visible()


def cancel_and_stay(page: Page) -> None:
    """Cancel asks as every other way out does."""
    typed = page.get_by_label("Name", exact=True).input_value()
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asking:
        follow(page, "Cancel")
    assert asking.value.type == "beforeunload"
    expect(page.get_by_label("Name", exact=True)).to_have_value(typed)


def stays_with_what_is_not_saved(page: Page) -> None:
    """The browser asks whoever leaves with something typed, by a link or by another form, and no longer once saved."""
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    place = page.get_by_label("Capacity")
    place.fill("30")
    follow(page, "Speakers")
    press(page, "Publish")
    expect(page.get_by_role("button", name="Publish", exact=True)).not_to_have_attribute("aria-busy", "true")
    expect(place).to_have_value("30")
    assert asked == ["beforeunload"] * 2
    place.fill("0")
    press(page, "Save")
    expect(page.get_by_text("Not saved yet.")).to_be_visible()
    page.get_by_label("Description").click()
    follow(page, "Speakers")
    assert asked == ["beforeunload"] * 3, "what was refused is not saved"
    place.fill("30")
    press(page, "Save")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    follow(page, "Speakers")
    expect(page.get_by_role("link", name="Add speaker")).to_be_visible()
    tab(page, "Settings")
    assert asked == ["beforeunload"] * 3
    page.remove_listener("dialog", stay)


def edit(page: Page) -> None:
    page.get_by_label("Description").fill("Bring skates.\n\nhttps://example.com/map")
    page.get_by_label("Picture").set_input_files(PICTURE)
    page.get_by_label("Capacity").fill("40")
    press(page, "Save")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    expect(page.get_by_alt_text("The picture as it is now")).to_be_visible()


def on_a_telephone(page: Page) -> None:
    """The tab one is on is in view, and the row says at which edge there is more."""
    wide = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    row = page.get_by_role("navigation", name="Event", exact=True)
    expect(row.get_by_role("link", name="Settings")).to_be_in_viewport(ratio=0.99)
    expect(row.and_(page.locator("[data-more-before]:not([data-more-after])"))).to_be_visible()
    row.get_by_role("link", name="Overview").focus()
    expect(row.and_(page.locator("[data-more-after]:not([data-more-before])"))).to_be_visible()
    assert page.evaluate("scrollY") == 0
    assert wide is not None
    page.set_viewport_size(wide)
    expect(page.locator("[data-more-before], [data-more-after]")).to_have_count(0)


def add_speakers(page: Page) -> None:
    for name in ("Grace Hopper", "Ada Lovelace"):
        follow(page, "Add speaker")
        page.get_by_label("Name", exact=True).fill(name)
        cancel_and_stay(page)
        page.get_by_label("Web address").first.fill("example.com/her")
        expect_accessible(page)
        press(page, "Add speaker")
    # With the keyboard alone.
    page.get_by_role("button", name="Move Ada Lovelace up").focus()
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("listitem").filter(has=page.get_by_role("button", name="Move")).first
    ).to_contain_text("Ada Lovelace")
    follow(page, "Remove Grace Hopper")
    expect(page.get_by_role("heading", name="Remove Grace Hopper from the speakers?")).to_be_visible()
    expect_accessible(page)
    press(page, "Remove")
    expect(page.get_by_text("Grace Hopper is no longer among the speakers.")).to_be_visible()


def see_in_public(page: Page) -> None:
    follow(page, "View event page")
    expect(page.get_by_role("heading", name="Speakers")).to_be_visible()
    expect(page.get_by_text("Ada Lovelace")).to_be_visible()
    expect(page.get_by_role("link", name="https://example.com/map")).to_be_visible()
    # Nine in Lisbon is five in the afternoon in Tokyo, where the reader is; both are there.
    expect(page.locator("[data-when]")).to_contain_text("17:00")
    expect(page.locator("[data-when]")).to_contain_text("09:00 – 17:00 in Europe/Lisbon")
    drawn = page.locator(".event__picture").evaluate("each => each.decode().then(() => each.naturalWidth)")
    assert drawn > 400
    expect_accessible(page)
    follow(page, "Open the dashboard")


def people(page: Page, product: Product, scene: Scene) -> None:
    """Of the scene's event, where everybody is registered but Mira, a member of the organization."""
    product.django(add_member, scene.slug)
    page.goto(f"{product.url}/events/{scene.slug}/manage/")
    expect_accessible(page)
    tab(page, "People")
    page.get_by_role("searchbox", name="Search").fill("sam")
    press(page, "Search")
    rows = page.get_by_role("table").get_by_role("row")
    expect(rows).to_have_count(2)
    follow(page, "Block Sam Barnes")
    expect(page.get_by_role("heading", name="Block Sam Barnes from this event?")).to_be_visible()
    press(page, "Block")
    expect(page.get_by_text("Sam Barnes is blocked from this event.")).to_be_visible()
    page.get_by_role("combobox", name="Show").select_option("Blocked")
    press(page, "Search")
    expect(rows).to_have_count(2)
    with page.expect_download() as downloading:
        follow(page, "Export CSV")
    with downloading.value.path().open(encoding="utf-8-sig") as file:
        exported = list(csv.DictReader(file))
    assert [(row["Name"], row["Blocked"]) for row in exported] == [("Sam Barnes", "yes")]
    page.get_by_role("combobox", name="Member", exact=True).select_option(
        label="Mira Holt (mira@example.com)"
    )
    press(page, "Add organizer")
    expect(page.get_by_text("Mira Holt is an organizer of this event.")).to_be_visible()
    expect(page.get_by_role("link", name="Take organizer back from Mira Holt")).to_be_visible()
    tab(page, "Activity")
    expect(page.get_by_text("Olivia Marsh exported the list of people")).to_be_visible()
    expect(page.get_by_text("Olivia Marsh blocked Sam Barnes from the event")).to_be_visible()
    page.get_by_role("combobox", name="What").select_option("Blocked")
    press(page, "Search")
    expect(page.get_by_text("exported the list")).to_have_count(0)


def add_member(slug: str) -> None:
    from events.models import Event, Membership, User

    mira = User.objects.create_user("mira@example.com", display_name="Mira Holt")
    Membership.objects.create(organization=Event.objects.get(slug=slug).organization, user=mira)


def archive(page: Page) -> None:
    tab(page, "Settings")
    follow(page, "Archive")
    press(page, "Archive")
    expect(page.get_by_role("button", name="Restore")).to_be_visible()
    tab(page, "People")
    expect(page.get_by_text("This event is archived")).to_be_visible()
    expect(page.get_by_role("link", name="Block ", exact=False)).to_have_count(0)
    tab(page, "Stage")
    expect(page.get_by_role("link", name="Open Backstage")).to_have_count(0)
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)


def browse_the_api(page: Page, product: Product) -> None:
    """Signed in by the session; that the page's policy allows all of it, `olivia` says at the end."""
    page.goto(f"{product.url}/api/v1/")
    operation = page.locator("#operations-organizations-organizations_list")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text("200")
    expect(operation.locator(".live-responses-table")).to_contain_text("House ")
    assert findings(page, "{ exclude: ['#api'] }") == []
    assert {rule for rule, _text in findings(page, "'#api'")} <= OF_SWAGGER
