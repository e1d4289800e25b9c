"""What people do in the chat and see there."""

from playwright.sync_api import Locator

from tests.browser.people import Person

#: All sentences from now on, as they come.
READ_OUT = """() => {
  const sentences = [];
  const note = (changes) => {
    for (const { addedNodes } of changes) for (const { textContent } of addedNodes) sentences.push(textContent);
  };
  new MutationObserver(note).observe(document.querySelector("#announcer"), { childList: true });
  return sentences;
}"""


def field(person: Person, room: str = "Backstage") -> Locator:
    label = "Message the Backstage" if room == "Backstage" else "Message everyone"
    return person.page.get_by_role("textbox", name=label)


def say(person: Person, text: str, room: str = "Backstage") -> None:
    field(person, room).fill(text)
    field(person, room).press("Enter")


def said(person: Person, text: str) -> Locator:
    """The message with this text."""
    return person.page.locator(".message").filter(has=person.page.get_by_text(text, exact=True))


def tab(person: Person, name: str) -> Locator:
    return person.page.get_by_role("tab", name=name)


def choose(person: Person, text: str, item: str) -> None:
    """In the ⋯ menu of a message."""
    said(person, text).hover()
    said(person, text).get_by_role("button", name="Options for the message of").click()
    person.page.get_by_role("menuitem", name=item, exact=True).click()


def texts(person: Person) -> list[str]:
    return person.page.locator(".message__text:visible").all_text_contents()
