"""What people and organizers do about a request to share, for tests and benchmarks."""

from playwright.sync_api import expect

from tests.browser.people import Person


def place(person: Person, number: int) -> None:
    text = person.page.locator("#waiting-text")
    expect(text).to_have_text(f"You are number {number} in the queue")
    expect(text).to_be_visible()


def decline(organizer: Person, who: Person, word: str = "") -> None:
    organizer.press(f"More for {who.name}")
    organizer.page.get_by_role("menuitem", name="Decline", exact=True).click()
    organizer.page.get_by_role("dialog").get_by_role("textbox").fill(word)
    organizer.page.keyboard.press("Enter")


def remove(organizer: Person, who: Person) -> None:
    organizer.tile(who.name).get_by_role("button", name=f"More for {who.name}").click()
    organizer.page.get_by_role("menuitem", name="Remove", exact=True).click()
    organizer.press(f"Remove {who.name}")


def use_here(person: Person) -> None:
    """What another page of theirs sends, or would send, comes from this one."""
    name = "Use camera and microphone here"
    person.press(name)
    confirm = person.page.get_by_role("dialog").get_by_role("button", name=name)
    expect(confirm).to_be_enabled()
    confirm.click()
