"""The letter that says one is registered, and its calendar file."""

import asyncio
import email
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.policy import default
from typing import Any

import icalendar
import pytest
from channels.db import database_sync_to_async
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from events import postman, services
from events.calendars import calendar_file
from events.models import Block, Event, UnsentLetter, User
from hopin_backstage.run.ports import free_port
from tests.factories import EventFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.letters import due, send_all
from tests.janus.waiting import eventually

pytestmark = pytest.mark.django_db
OnCommit = Callable[..., Any]


def event_in(zone: str, **named: Any) -> Event:
    return EventFactory(
        starts_at=datetime(2027, 3, 27, 9, 0, tzinfo=UTC),
        ends_at=datetime(2027, 3, 29, 16, 0, tzinfo=UTC),
        time_zone=zone,
        **named,
    )


def parsed(event: Event) -> tuple[icalendar.Calendar, Any]:
    calendar = icalendar.Calendar.from_ical(calendar_file(event, page="https://x.example/events/e/"))
    return calendar, calendar.walk("VEVENT")[0]


def test_registering_sends_one_letter_with_the_event_in_it(
    sign_in: SignIn, django_capture_on_commit_callbacks: OnCommit
) -> None:
    event = event_in("Europe/Lisbon", name="Tea, cake; & <more>")
    user = UserFactory(display_name="Ada")
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            sign_in(user).post(reverse("events:register", args=[event.slug]))
    (letter,) = mail.outbox
    assert letter.to == [user.email]
    assert letter.subject == "You are registered for Tea, cake; & <more>"
    assert "Sat 27 Mar 2027, 09:00 – Mon 29 Mar 2027, 17:00 (Europe/Lisbon)" in letter.body
    page = f"http://testserver{reverse('events:event', args=[event.slug])}"
    assert page in letter.body
    received = email.message_from_bytes(letter.message().as_bytes(), policy=default)
    (attached,) = received.iter_attachments()
    assert (attached.get_content_type(), attached.get_filename()) == ("text/calendar", "event.ics")
    entry = icalendar.Calendar.from_ical(attached.get_content()).walk("VEVENT")[0]
    assert entry["SUMMARY"] == "Tea, cake; & <more>"
    assert str(entry["URL"]) == page


def test_whoever_comes_and_goes_has_three_letters_an_hour(
    settings: Settings, django_capture_on_commit_callbacks: OnCommit
) -> None:
    event, restless, other = event_in("UTC"), UserFactory(), UserFactory()
    for user in [restless] * 5 + [other]:
        with django_capture_on_commit_callbacks(execute=True):
            services.register(actor=user, event=event)
            services.unregister(actor=user, event=event)
    assert [letter.to for letter in mail.outbox] == [[restless.email]] * 3 + [[other.email]]

    # A letter too many is better than none.
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    }
    with django_capture_on_commit_callbacks(execute=True):
        services.register(actor=restless, event=event)
    assert len(mail.outbox) == 5


@pytest.mark.parametrize("failing", ["refuses", "takes another password", "cannot be reached", "breaks"])
def test_no_letter_costs_nobody_the_place(
    sign_in: SignIn,
    away: Callable[[str], None],
    django_capture_on_commit_callbacks: OnCommit,
    failing: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    away(failing)
    event, user = EventFactory(), UserFactory(email="ada@secret.example")
    with django_capture_on_commit_callbacks(execute=True):
        response = sign_in(user).post(reverse("events:register", args=[event.slug]), follow=True)
    assert response.status_code == 200
    assert "You are registered for" in response.content.decode()
    assert event.registrations.filter(user=user).exists()
    assert "ada@secret.example" not in caplog.text


# --- Letters that the mail server does not take ----------------------------------------------------------------------
@pytest.fixture
def registering(django_capture_on_commit_callbacks: OnCommit) -> Callable[[Event], User]:
    def register(event: Event) -> User:
        user = UserFactory(display_name="Ada")
        with django_capture_on_commit_callbacks(execute=True):
            services.register(actor=user, event=event, page="https://x.example/events/e/")
        return user

    return register


@pytest.mark.database
def test_a_letter_is_sent_once_the_mail_server_is_back(
    away: Callable[[str], None], registering: Callable[[Event], User]
) -> None:
    away("cannot be reached")
    user = registering(EventFactory(name="Day"))
    assert send_all() == 0, "not so soon"
    due()
    assert send_all() == 0
    waiting = UnsentLetter.objects.get()
    assert waiting.attempts == 2
    assert waiting.next_at > timezone.now() + timedelta(minutes=1)
    away("")
    due()
    assert send_all() == 1
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([user.email], "You are registered for Day")
    assert "https://x.example/events/e/" in letter.body
    assert [attached[0] for attached in letter.attachments] == ["event.ics"]
    assert not UnsentLetter.objects.exists()
    assert send_all() == 0


def test_a_server_that_says_no_to_us_is_asked_again(
    away: Callable[[str], None], registering: Callable[[Event], User]
) -> None:
    away("takes another password")
    registering(EventFactory())
    away("")
    due()
    assert send_all() == 1
    assert len(mail.outbox) == 1


def test_who_was_refused_for_good_is_not_asked_again(
    away: Callable[[str], None], registering: Callable[[Event], User]
) -> None:
    away("refuses")
    registering(EventFactory())
    assert not UnsentLetter.objects.exists()


@pytest.mark.parametrize("why", ["a day", "over", "archived", "unregistered", "blocked", "draft", "closed"])
def test_a_letter_that_nobody_wants_any_more_is_not_sent(
    away: Callable[[str], None], registering: Callable[[Event], User], why: str
) -> None:
    away("cannot be reached")
    event = EventFactory()
    user = registering(event)
    away("")
    now = timezone.now()
    match why:
        case "a day":
            UnsentLetter.objects.update(created_at=now - timedelta(hours=24, seconds=1))
        case "over":
            Event.objects.update(ends_at=now)
        case "archived":
            Event.objects.update(archived_at=now)
        case "unregistered":
            services.unregister(actor=user, event=event)
        case "blocked":
            Block.objects.create(event=event, user=user)
        case "draft":
            Event.objects.update(status=Event.Status.DRAFT)
        case "closed":
            User.objects.filter(pk=user.pk).update(is_active=False)
    due()
    send_all()
    assert not mail.outbox
    assert not UnsentLetter.objects.exists()


def test_a_mail_server_that_is_away_is_asked_once_in_a_round(
    away: Callable[[str], None], registering: Callable[[Event], User]
) -> None:
    away("cannot be reached")
    for _ in range(3):
        registering(EventFactory())
    due()
    send_all()
    assert sorted(UnsentLetter.objects.values_list("attempts", flat=True)) == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
async def test_the_postman_goes_round(away: Callable[[str], None]) -> None:
    @database_sync_to_async
    def register_while_away() -> None:
        away("cannot be reached")
        services.register(actor=UserFactory(), event=EventFactory())
        away("")
        due()

    await register_while_away()
    going = asyncio.create_task(postman.run())
    await eventually(lambda: mail.outbox)
    going.cancel()


def test_a_refused_registration_sends_nothing(
    sign_in: SignIn, django_capture_on_commit_callbacks: OnCommit
) -> None:
    event = EventFactory(registration_open=False)
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(UserFactory()).post(reverse("events:register", args=[event.slug]))
    assert not mail.outbox


# --- The calendar file ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
def test_a_calendar_that_knows_only_the_file_finds_the_right_moment(zone: str) -> None:
    """By the offsets in its VTIMEZONE alone; the event goes over Europe's change of clocks."""
    event = event_in(zone)
    calendar, entry = parsed(event)
    assert entry["DTSTART"].params["TZID"] == zone
    rules = next(iter(calendar.walk("VTIMEZONE"))).to_tz(lookup_tzid=False)
    for name, moment in (("DTSTART", event.starts_at), ("DTEND", event.ends_at)):
        wall = entry[name].dt.replace(tzinfo=None)
        assert wall - rules.utcoffset(wall) == moment.replace(tzinfo=None)


def test_utc_needs_no_rules() -> None:
    calendar, entry = parsed(event_in("UTC"))
    assert not calendar.walk("VTIMEZONE")
    assert entry["DTSTART"].to_ical() == b"20270327T090000Z"


def test_the_same_event_has_the_same_uid_and_others_have_another() -> None:
    event = event_in("UTC", name="Before")
    uid = parsed(event)[1]["UID"]
    event.name, event.slug = "After", "after"
    assert parsed(event)[1]["UID"] == uid
    assert parsed(event_in("UTC"))[1]["UID"] != uid


def test_what_is_typed_cannot_become_a_line_of_the_file() -> None:
    wicked = "Day\r\nATTENDEE:mailto:x@example.com\nEND:VEVENT, a; b \\n c"
    event = event_in("UTC", description=wicked, name="A, b; c \\ d")
    raw = calendar_file(event)
    assert b"\r\nATTENDEE" not in raw
    assert raw.count(b"END:VEVENT\r\n") == 1
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    entry = parsed(event)[1]
    assert entry["SUMMARY"] == "A, b; c \\ d"
    assert entry["DESCRIPTION"] == wicked.replace("\r\n", "\n")


def test_it_can_be_downloaded_by_whoever_sees_the_event(sign_in: SignIn) -> None:
    from django.test import Client

    event = EventFactory(name="Open")
    response = Client().get(reverse("events:calendar", args=[event.slug]))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="event.ics"' in response.headers["Content-Disposition"]
    assert b"SUMMARY:Open" in response.content
    draft = EventFactory(status="draft")
    assert sign_in(UserFactory()).get(reverse("events:calendar", args=[draft.slug])).status_code == 404


def test_a_letter_is_of_what_was_committed(django_capture_on_commit_callbacks: OnCommit) -> None:
    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        services.register(actor=UserFactory(), event=EventFactory())
    assert not mail.outbox
    assert len(callbacks) == 1
