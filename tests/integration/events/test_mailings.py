"""Everybody who is registered is written to: other times, called off, on again."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeAlias

import icalendar
import pytest
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import dateformat, timezone

from events import selectors, services
from events.calendars import calendar_file
from events.models import Event, Mailing, UnsentLetter, User
from events.services.mailings import MOST_MAILINGS
from tests.factories import BlockFactory, RegistrationFactory
from tests.integration.browsers import SignIn
from tests.integration.events.letters import due, send_all
from tests.integration.events.test_pages import html
from tests.integration.events.test_settings import FILLED, at
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

Act: TypeAlias = Callable[..., None]
PAGE = "https://x.example/events/e/"
LATER = timedelta(days=1)


@pytest.fixture
def organizer(owner: User, sign_in: SignIn) -> Client:
    return sign_in(owner)


def registered(event: Event, *names: str) -> list[str]:
    return [RegistrationFactory(event=event, user__email=f"{name}@x.example").user.email for name in names]


def reschedule(owner: User, event: Event, by: timedelta = LATER) -> None:
    now = Event.objects.get(pk=event.pk)
    times = {"starts_at": now.starts_at + by, "ends_at": now.ends_at + by}
    services.edit_event(actor=owner, event=event, tell=PAGE, **times)


def addressees() -> list[str]:
    return sorted(letter.to[0] for letter in mail.outbox)


def calendars() -> list[tuple[str, Any]]:
    """Method and entry of each letter's file."""
    files = [icalendar.Calendar.from_ical(letter.attachments[0][1]) for letter in mail.outbox]
    return [(str(file["METHOD"]), file.walk("VEVENT")[0]) for file in files]


def test_other_times_are_told_to_whoever_comes(organizer: Client, event: Event) -> None:
    people = registered(event, "ada", "grace")
    BlockFactory(event=event, user=RegistrationFactory(event=event).user)
    before = icalendar.Calendar.from_ical(calendar_file(event)).walk("VEVENT")[0]
    shown = html(organizer.get(at(event)))
    assert "If the times change, send 2 people who are registered an e-mail" in " ".join(shown.split())
    said = html(organizer.post(at(event), {**FILLED, "tell": "on"}, follow=True))
    assert "2 people are sent an e-mail." in said
    assert (mail.outbox, UnsentLetter.objects.count()) == ([], 0), "nothing of it in the request"
    send_all()
    assert addressees() == people
    assert mail.outbox[0].subject == "Product Day has another time"
    assert "Thu 1 Jul 2027, 09:00 – 17:30 (Europe/Lisbon)" in mail.outbox[0].body
    page = f"http://testserver{reverse('events:event', args=[event.slug])}"
    assert page in mail.outbox[0].body
    for method, entry in calendars():
        assert method == "PUBLISH"
        assert entry["UID"] == before["UID"]
        assert entry["SEQUENCE"] > before["SEQUENCE"]
        assert f"{entry['DTSTART'].dt:%Y-%m-%dT%H:%M}" == FILLED["starts"]
    send_all()
    assert len(mail.outbox) == 2


def test_nobody_is_told_where_the_organizer_does_not_want_it_or_nothing_has_changed(
    organizer: Client, event: Event
) -> None:
    registered(event, "ada")
    organizer.post(at(event), FILLED)
    assert "is sent an e-mail" not in html(organizer.post(at(event), {**FILLED, "tell": "on"}, follow=True))
    assert not Mailing.objects.exists()
    assert Event.objects.get().calendar_sequence == 1, "calendars that fetch the file know all the same"


@pytest.mark.parametrize("why", ["draft", "over", "nobody"])
def test_where_nobody_is_to_be_told_nobody_is_asked_about(organizer: Client, event: Event, why: str) -> None:
    if why != "nobody":
        registered(event, "ada")
    now = timezone.now()
    match why:
        case "draft":
            Event.objects.update(status="draft")
        case "over":
            Event.objects.update(starts_at=now - 2 * LATER, ends_at=now - LATER)
    for name in ("settings", "unpublish"):
        assert 'name="tell"' not in html(organizer.get(at(event, name)))
    organizer.post(at(event), {**FILLED, "tell": "on"})
    send_all()
    assert mail.outbox == []


def test_who_is_told_that_it_is_off_is_told_that_it_is_on_again(organizer: Client, event: Event) -> None:
    people = registered(event, "ada", "grace")
    asked = " ".join(html(organizer.get(at(event, "unpublish"))).split())
    assert 'name="tell" id="tell" checked' in asked
    assert "Send 2 people an e-mail that the event is not public any more" in asked
    assert "2 people are sent an e-mail." in html(
        organizer.post(at(event, "unpublish"), {"tell": "on"}, follow=True)
    )
    send_all()
    assert addressees() == people
    (method, off), *_ = calendars()
    assert (method, off["STATUS"]) == ("CANCEL", "CANCELLED")
    assert off["SEQUENCE"] > 0
    shown = " ".join(html(organizer.get(at(event))).split())
    assert "2 people who were told that it is not public are sent an e-mail" in shown

    mail.outbox.clear()
    organizer.post(at(event, "publish"))
    send_all()
    assert addressees() == people
    (method, on), *_ = calendars()
    assert (method, on["UID"]) == ("PUBLISH", off["UID"])
    assert "STATUS" not in on
    assert on["SEQUENCE"] > off["SEQUENCE"]
    organizer.post(at(event, "unpublish"))
    organizer.post(at(event, "publish"))
    send_all()
    assert len(mail.outbox) == 2, "whoever was told nothing is told nothing"


def test_what_is_taken_back_before_it_was_told_is_told_to_nobody(organizer: Client, event: Event) -> None:
    registered(event, "ada")
    organizer.post(at(event, "unpublish"), {"tell": "on"})
    organizer.post(at(event, "publish"))
    send_all()
    assert mail.outbox == []


def test_what_is_not_true_any_more_is_not_sent(owner: User, event: Event) -> None:
    registered(event, "ada")
    reschedule(owner, event)
    assert services.send_next(), "the letter is made, and not sent yet"
    services.unpublish_event(actor=owner, event=event)
    send_all()
    assert (mail.outbox, UnsentLetter.objects.count()) == ([], 0)


OFF_WITHOUT_A_WORD = [
    (services.unpublish_event, services.publish_event),
    (services.archive_event, services.restore_event),
]


@pytest.mark.parametrize(("off", "on"), OFF_WITHOUT_A_WORD)
def test_what_is_on_its_way_when_the_event_is_off_for_a_while_comes_afterwards(
    owner: User, event: Event, monkeypatch: pytest.MonkeyPatch, off: Act, on: Act
) -> None:
    monkeypatch.setattr("events.services.mailings.CHUNK", 2)
    people = registered(event, "ada", "grace", "hedy")
    reschedule(owner, event)
    assert services.send_next(), "two letters are made"
    assert services.send_next(), "one of them is sent"
    off(actor=owner, event=event)
    send_all()
    assert (addressees(), UnsentLetter.objects.count()) == (people[:1], 0)
    on(actor=owner, event=event)
    send_all()
    assert addressees() == people
    assert {letter.subject for letter in mail.outbox} == {"Old name has another time"}


@pytest.mark.parametrize(("off", "on"), OFF_WITHOUT_A_WORD)
def test_who_was_told_that_it_is_off_hears_that_it_is_on_though_it_was_off_again_meanwhile(
    owner: User, event: Event, off: Act, on: Act
) -> None:
    registered(event, "ada")
    services.unpublish_event(actor=owner, event=event, tell=PAGE)
    send_all()
    services.publish_event(actor=owner, event=event, page=PAGE)
    services.send_next()
    off(actor=owner, event=event)
    send_all()
    assert selectors.people_to_tell_again(event) == 1
    on(actor=owner, event=event)
    send_all()
    assert [letter.subject for letter in mail.outbox] == [
        "Old name is not public any more",
        "Old name is on again",
    ]


def test_what_was_to_be_told_before_a_word_that_was_taken_back_is_told(owner: User, event: Event) -> None:
    registered(event, "ada")
    reschedule(owner, event)
    services.unpublish_event(actor=owner, event=event, tell=PAGE)
    services.publish_event(actor=owner, event=event, page=PAGE)
    send_all()
    assert [letter.subject for letter in mail.outbox] == ["Old name has another time"]


def test_of_what_was_held_nothing_is_told_but_the_last(owner: User, event: Event) -> None:
    registered(event, "ada")
    reschedule(owner, event)
    services.unpublish_event(actor=owner, event=event, tell=PAGE)
    send_all()
    services.publish_event(actor=owner, event=event, page=PAGE)
    send_all()
    assert [letter.subject for letter in mail.outbox] == [
        "Old name is not public any more",
        "Old name is on again",
    ]


def test_who_had_their_letter_has_no_second_one_because_another_was_refused(
    owner: User, event: Event
) -> None:
    refused, *others = registered(event, "ada", "grace", "hedy")
    reschedule(owner, event)
    services.send_next()
    UnsentLetter.objects.filter(registration__user__email=refused).update(
        attempts=1, next_at=timezone.now() + LATER
    )
    send_all()
    services.unpublish_event(actor=owner, event=event)
    services.publish_event(actor=owner, event=event, page=PAGE)
    send_all()
    assert addressees() == others
    UnsentLetter.objects.update(next_at=timezone.now())
    send_all()
    assert addressees() == [refused, *others]


def test_looking_whether_there_is_a_letter_locks_nothing(event: Event) -> None:
    registered(event, "ada")
    with CaptureQueriesContext(connection) as asked:
        assert not services.send_next()
    assert [each["sql"].split()[0] for each in asked] == ["SELECT", "SELECT"]


@pytest.mark.django_db(transaction=True)
def test_letters_that_are_made_at_this_moment_count_as_sent(owner: User, event: Event) -> None:
    registered(event, "ada")
    services.unpublish_event(actor=owner, event=event, tell=PAGE)

    def publish() -> None:
        try:
            services.publish_event(actor=owner, event=event, page=PAGE)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert services.send_next(), "the letters are made, and nobody else sees them yet"
            publishing = other.submit(publish)
            until_somebody_waits()
        publishing.result(20)
    send_all()
    assert [letter.subject for letter in mail.outbox] == ["Old name is on again"]


def until_somebody_waits() -> None:
    """For a lock of PostgreSQL; on SQLite whoever writes waits for whoever did before."""
    with connection.cursor() as cursor:
        for _ in range(1_000 if connection.vendor == "postgresql" else 0):
            cursor.execute("SELECT pg_sleep(0.01), EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[1]:
                return
        assert connection.vendor != "postgresql", "nobody waits"


def test_the_last_change_is_told_once(owner: User, event: Event) -> None:
    people = registered(event, "ada", "grace")
    reschedule(owner, event)
    services.send_next()
    reschedule(owner, event)
    send_all()
    assert addressees() == people
    assert {entry["SEQUENCE"] for _method, entry in calendars()} == {2}


def test_everybody_is_told_once_however_many(
    owner: User, event: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("events.services.mailings.CHUNK", 2)
    people = registered(event, *"abcdef")
    reschedule(owner, event)
    registered(event, "later")
    services.send_next()
    assert UnsentLetter.objects.count() == 2
    send_all()
    assert addressees() == people
    assert not UnsentLetter.objects.exists()


def test_the_request_costs_the_same_however_many(owner: User, event: Event) -> None:
    costs = []
    for more in ("a", "bcdefghijk"):
        registered(event, *more)
        with CaptureQueriesContext(connection) as asked:
            reschedule(owner, event)
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_whoever_waits_for_the_letter_of_their_registration_reads_it_there(owner: User, event: Event) -> None:
    waiting = RegistrationFactory(event=event)
    UnsentLetter.objects.create(registration=waiting, page=PAGE, next_at=timezone.now() + LATER)
    reschedule(owner, event)
    send_all()
    due()
    send_all()
    (letter,) = mail.outbox
    assert letter.subject == "You are registered for Old name"
    event.refresh_from_db()
    assert dateformat.format(event.starts_at, "D j M Y, H:i") in letter.body


def test_a_letter_that_the_mail_server_does_not_take_is_sent_again(
    owner: User, event: Event, away: Callable[[str], None]
) -> None:
    people = registered(event, "ada")
    reschedule(owner, event)
    away("cannot be reached")
    send_all()
    assert UnsentLetter.objects.get().attempts == 1
    away("")
    due()
    send_all()
    assert addressees() == people
    assert mail.outbox[0].subject == "Old name has another time"


def test_an_event_is_told_of_so_often_an_hour_and_can_be_published_all_the_same(
    owner: User, event: Event
) -> None:
    registered(event, "ada")
    for _ in range(MOST_MAILINGS - 1):
        reschedule(owner, event)
    services.unpublish_event(actor=owner, event=event, tell=PAGE)
    services.send_next()
    services.publish_event(actor=owner, event=event, page=PAGE)
    before = Event.objects.get().starts_at
    assert refusal(lambda: reschedule(owner, event)) == "event.mailed_often"
    assert Event.objects.get().starts_at == before, "all of it, or nothing"
    send_all()
    assert [letter.subject for letter in mail.outbox] == ["Old name is on again"]


def test_whoever_publishes_again_reads_how_many_are_told(owner: User, event: Event, sign_in: SignIn) -> None:
    registered(event, "ada")
    publish, organizer = reverse("events:publish", args=[event.slug]), sign_in(owner)
    told = "1 person is sent an e-mail."
    services.unpublish_event(actor=owner, event=event)
    assert told not in html(organizer.post(publish, follow=True))
    services.unpublish_event(actor=owner, event=event, tell=PAGE)
    services.send_next()
    assert told in html(organizer.post(publish, follow=True))
