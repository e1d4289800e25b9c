"""What people do in the chat and see there, and what was written before anybody came."""

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


def fill(slug: str, token: str, texts: list[str], *, event: bool = False, told: bool = False) -> None:
    """Runs in the product's process: what was written before anybody came, by Ken and Mia in turn, a minute apart.

    `told`: everybody is there already, and is told of all of it at once.
    """
    from datetime import timedelta

    from django.db import transaction
    from django.utils import timezone

    from backstage.models import BackstageSession
    from chat import services
    from chat.models import Message
    from chat.services.announcing import announce_posted
    from events.models import User

    session = BackstageSession.objects.get(link_token=token)
    room = services.room_of_event(session.stage.event) if event else services.room_of_backstage(session)
    authors = [User.objects.get(email=f"{who}@{slug}.example") for who in ("ken", "mia")]
    began = timezone.now() - timedelta(minutes=len(texts))
    made = [
        Message(
            room=room,
            number=number,
            author=authors[number // 3 % 2],
            text=text,
            created_at=began + timedelta(minutes=number - room.last_number),
        )
        for number, text in enumerate(texts, start=room.last_number + 1)
    ]
    room.last_number += len(texts)
    room.revision += len(texts)
    with transaction.atomic():
        Message.objects.bulk_create(made)
        room.save()
        if told:
            announce_posted(room, made)
