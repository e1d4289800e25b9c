"""The Speakers tab, and speakers on the public page."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from events import services
from events.models import Event, User
from hopin_backstage.realtime import Refused
from tests.factories import EventFactory, SpeakerFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import event_page, html
from tests.integration.events.test_settings import upload

pytestmark = pytest.mark.django_db

FORMS = {"links-TOTAL_FORMS": "4", "links-INITIAL_FORMS": "0"}


@pytest.fixture
def olivia() -> User:
    return UserFactory()


@pytest.fixture
def event(olivia: User) -> Event:
    return EventFactory(organizers=[olivia])


@pytest.fixture
def organizer(olivia: User, sign_in: SignIn) -> Client:
    return sign_in(olivia)


def at(event: Event, name: str, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.slug, *more])


def names(event: Event) -> list[str]:
    return [speaker.name for speaker in event.speakers.all()]


def test_a_speaker_is_added_and_shown_to_everybody(
    organizer: Client, event: Event, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    assert "No speakers yet" in html(organizer.get(at(event, "speakers")))
    typed = {
        "name": "Grace <b>Hopper</b>",
        "title": "Admiral",
        "photo": upload(),
        **FORMS,
        "links-0-url": "grace.example/about",
        "links-0-label": "Home",
        "links-2-url": "http://www.other.example/",
    }
    response = organizer.post(at(event, "add_speaker"), typed)
    grace = event.speakers.get()
    assert response.headers["Location"] == f"{at(event, 'speakers')}#speaker-{grace.pk}"
    assert [(link.url, link.shown) for link in grace.links.all()] == [
        ("https://grace.example/about", "Home"),
        ("http://www.other.example/", "other.example"),
    ]
    for page in (html(client.get(event_page(event))), html(organizer.get(at(event, "speakers")))):
        assert "Grace &lt;b&gt;Hopper&lt;/b&gt;" in page
        assert grace.photo.url in page
        assert ">Admiral</p>" in page
        assert 'href="https://grace.example/about" rel="noopener noreferrer nofollow"' in page
    photo = client.get(grace.photo.url)
    assert photo.headers["Content-Type"] == "image/webp"
    assert photo.getvalue().startswith(b"RIFF")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.com/%0aalert(1)",
        "data:text/html,x",
        "ftp://example.com",
        "x",
    ],
)
def test_no_other_address_than_of_the_web(
    organizer: Client, event: Event, olivia: User, address: str
) -> None:
    page = html(organizer.post(at(event, "add_speaker"), {"name": "Eve", **FORMS, "links-0-url": address}))
    assert "Enter a web address" in page
    with pytest.raises(Refused, match=r"speaker\.link"):
        services.add_speaker(actor=olivia, event=event, name="Eve", links=[services.Link("", address)])
    assert not event.speakers.exists()


def test_a_speaker_is_changed_and_loses_links(organizer: Client, event: Event, olivia: User) -> None:
    grace = services.add_speaker(
        actor=olivia, event=event, name="Grace", links=[services.Link("A", "https://a.example")]
    )
    page = html(organizer.get(at(event, "edit_speaker", grace.pk)))
    assert 'value="https://a.example"' in page
    organizer.post(
        at(event, "edit_speaker", grace.pk),
        {"name": "Grace H.", **FORMS, "links-INITIAL_FORMS": "1", "links-0-url": "", "links-0-label": "A"},
    )
    grace.refresh_from_db()
    assert grace.name == "Grace H."
    assert not grace.links.exists()


def test_five_links_are_one_too_many(organizer: Client, event: Event) -> None:
    links = {f"links-{number}-url": f"https://{number}.example" for number in range(5)}
    organizer.post(at(event, "add_speaker"), {"name": "Eve", **FORMS, "links-TOTAL_FORMS": "5", **links})
    assert not event.speakers.exists()


@pytest.mark.parametrize("form", [{}, {"links-TOTAL_FORMS": "x"}, {"links-TOTAL_FORMS": "99999"}])
def test_a_broken_form_is_shown_again(organizer: Client, event: Event, form: dict[str, str]) -> None:
    assert organizer.post(at(event, "add_speaker"), {"name": "Eve", **form}).status_code == 200


def test_they_are_moved_one_place_at_a_time(organizer: Client, event: Event) -> None:
    # Positions as rows of an older release may have them.
    ada, bea, cyd = (SpeakerFactory(event=event, name=name, position=0) for name in ("Ada", "Bea", "Cyd"))
    for speaker, places, order in (
        (cyd, "-1", ["Ada", "Cyd", "Bea"]),
        (ada, "-1", ["Ada", "Cyd", "Bea"]),
        (ada, "1", ["Cyd", "Ada", "Bea"]),
        (bea, "1", ["Cyd", "Ada", "Bea"]),
        (bea, "-1", ["Cyd", "Bea", "Ada"]),
        (bea, "-7", ["Cyd", "Bea", "Ada"]),
        (bea, "", ["Cyd", "Bea", "Ada"]),
    ):
        organizer.post(at(event, "move_speaker", speaker.pk), {"places": places})
        assert names(event) == order


def test_removing_asks_once_and_takes_the_photo_with_it(
    organizer: Client,
    event: Event,
    olivia: User,
    settings: Settings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: object,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    organizer.post(at(event, "add_speaker"), {"name": "Grace", **FORMS, "photo": upload()})
    grace = event.speakers.get()
    assert len(list(tmp_path.rglob("*.webp"))) == 1
    assert "Remove Grace from the speakers?" in html(organizer.get(at(event, "remove_speaker", grace.pk)))
    assert event.speakers.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        organizer.post(at(event, "remove_speaker", grace.pk))
    assert not event.speakers.exists()
    assert not list(tmp_path.rglob("*.webp"))


def test_a_speaker_is_not_reached_through_another_event(organizer: Client, event: Event) -> None:
    elsewhere = SpeakerFactory(name="Elsewhere")
    for name in ("edit_speaker", "move_speaker", "remove_speaker"):
        response = organizer.post(at(event, name, elsewhere.pk), {"name": "Mine", "places": "1", **FORMS})
        assert response.status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.name == "Elsewhere"


def test_ten_speakers_cost_what_one_costs(organizer: Client, event: Event, olivia: User) -> None:
    counts = []
    for more in (1, 9):
        for number in range(more):
            links = [services.Link("", f"https://{each}.example/{number}") for each in "ab"]
            services.add_speaker(actor=olivia, event=event, name=f"Speaker {number}", links=links)
        for address in (at(event, "speakers"), event_page(event)):
            with CaptureQueriesContext(connection) as asked:
                assert html(organizer.get(address)).count("https://b.example") >= more
            counts.append(len(asked))
    assert counts[:2] == counts[2:]
