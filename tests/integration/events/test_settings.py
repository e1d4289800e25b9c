"""Creating an event and its Settings tab, as people fill them in."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from events import services
from events.models import Event, Stage, User
from tests.factories import EventFactory, MembershipFactory, RegistrationFactory, StageFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.events.test_pages import html

pytestmark = pytest.mark.django_db

FILLED = {
    "name": "Product Day",
    "starts": "2027-07-01T09:00",
    "ends": "2027-07-01T17:30",
    "time_zone": "Europe/Lisbon",
    "description": "One\r\nday",
    "registration_open": "on",
    "capacity": "",
}


def create(owner: User) -> str:
    return reverse("events:create_event", args=[owner.organizations.get().slug])


def at(event: Event, name: str = "settings") -> str:
    return reverse(f"events:{name}", args=[event.slug])


def upload() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (64, 36), "teal").save(drawn, "PNG")
    return SimpleUploadedFile("../../evil.html", drawn.getvalue(), "text/html")


# --- Creating ------------------------------------------------------------------------------------------------------
def test_times_are_of_the_zone_that_was_chosen(
    owner: User, sign_in: SignIn, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(owner)
    assert "Create event" in html(client.get(create(owner)))
    response = client.post(create(owner), {**FILLED, "picture": upload()})
    event = Event.objects.get()
    assert response.headers["Location"] == at(event)
    assert (event.name, event.status) == ("Product Day", "draft")
    assert event.slug.startswith("product-day-")
    # Lisbon is an hour ahead of UTC in summer.
    assert event.starts_at == datetime(2027, 7, 1, 8, 0, tzinfo=UTC)
    assert event.ends_at == datetime(2027, 7, 1, 16, 30, tzinfo=UTC)
    assert (event.description, event.capacity, event.registration_open) == ("One\nday", None, True)
    assert event.picture.name.startswith("events/")
    assert event.picture.name.endswith(".webp")
    page = html(client.get(at(event)))
    assert 'value="2027-07-01T09:00"' in page
    assert 'value="2027-07-01T17:30"' in page


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("name", " ", "Give the event a name."),
        ("ends", "2027-07-01T08:59", "An event has to end after it starts."),
        ("starts", "soon", "Enter a valid date/time."),
        ("starts", "0001-01-01T00:00", "Choose a time between the years 2000 and 2200."),
        ("ends", "9999-12-31T23:59", "Choose a time between the years 2000 and 2200."),
        ("time_zone", "Mars/Olympus", "Select a valid choice."),
        ("capacity", "0", "Ensure this value is greater than or equal to 1."),
        ("picture", SimpleUploadedFile("a.png", b"<html>", "image/png"), "cannot be read as a picture"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_made(
    owner: User, sign_in: SignIn, field: str, typed: object, said: str
) -> None:
    page = html(sign_in(owner).post(create(owner), {**FILLED, field: typed}))
    assert said in page
    assert f'id="id_{field}_error"' in page
    assert "Not saved yet." in page
    assert not Event.objects.exists()


def test_all_that_is_wrong_is_said_at_once(owner: User, sign_in: SignIn, event: Event) -> None:
    """What the form sees, and what the services would say."""
    RegistrationFactory.create_batch(2, event=event)
    wrong = {
        "name": "",
        "ends": "2027-07-01T08:59",
        "capacity": "1",
        "picture": SimpleUploadedFile("a.png", b"<html>", "image/png"),
    }
    page = html(sign_in(owner).post(at(event), {**FILLED, **wrong}))
    for field, said in (
        ("name", "Give the event a name."),
        ("ends", "An event has to end after it starts."),
        ("capacity", "2 people are registered already."),
        ("picture", "cannot be read as a picture"),
    ):
        assert page.count(said) == 1
        assert said in page.split(f'id="id_{field}_error"')[1].split("</div>")[0]


def test_an_hour_that_the_clock_jumps_over_is_no_time(owner: User, sign_in: SignIn) -> None:
    """Lisbon goes from 00:59 to 02:00 on 28 March 2027."""
    times = {"starts": "2027-03-28T01:30", "ends": "2027-03-28T09:00"}
    assert "Clocks are put forward over this time" in html(
        sign_in(owner).post(create(owner), {**FILLED, **times})
    )
    assert not Event.objects.exists()


def test_only_owners_and_admins_create(sign_in: SignIn, owner: User, client: Client) -> None:
    organization = owner.organizations.get()
    member = MembershipFactory(organization=organization).user
    organizer = UserFactory()
    EventFactory(organization=organization, organizers=[organizer])
    for user in (member, organizer, UserFactory()):
        for response in (sign_in(user).get(create(owner)), sign_in(user).post(create(owner), FILLED)):
            assert response.status_code == 404
    assert client.post(create(owner), FILLED).status_code == 302
    assert Event.objects.count() == 1


def test_the_zone_of_the_last_event_is_offered(owner: User, sign_in: SignIn, event: Event) -> None:
    Event.objects.update(time_zone="Asia/Tokyo")
    assert 'value="Asia/Tokyo" selected' in html(sign_in(owner).get(create(owner)))


def test_no_zone_takes_a_time_out_of_the_calendar(owner: User, sign_in: SignIn) -> None:
    """The last hours that may be typed, east and west of where they are compared."""
    client = sign_in(owner)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        times = {"starts": "2000-01-01T00:00", "ends": "2200-01-01T00:00", "time_zone": zone}
        assert "Choose a time between the years 2000 and 2200." in html(
            client.post(create(owner), {**FILLED, **times})
        )
    assert not Event.objects.exists()


# --- Changing ------------------------------------------------------------------------------------------------------
def test_settings_are_saved(owner: User, sign_in: SignIn, event: Event) -> None:
    response = sign_in(owner).post(
        at(event), {**FILLED, "registration_open": "", "capacity": "12"}, follow=True
    )
    assert "The settings are saved." in html(response)
    event.refresh_from_db()
    assert (event.name, event.capacity, event.registration_open) == ("Product Day", 12, False)
    assert event.status == "published"


def test_saving_what_was_not_changed_changes_nothing(owner: User, sign_in: SignIn, event: Event) -> None:
    Event.objects.update(
        starts_at=datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        ends_at=datetime(2027, 10, 31, 12, tzinfo=UTC),
        time_zone="Europe/Lisbon",
        description="a\nb",
    )
    before = Event.objects.values().get()
    form = sign_in(owner).get(at(event)).context["form"]
    typed = {name: form[name].value() for name in FILLED}
    typed |= {name: typed[name].strftime("%Y-%m-%dT%H:%M") for name in ("starts", "ends")}
    sign_in(owner).post(at(event), {name: value or "" for name, value in typed.items()})
    assert Event.objects.values().get() == before


def test_a_capacity_below_those_registered_says_so(owner: User, sign_in: SignIn, event: Event) -> None:
    RegistrationFactory.create_batch(2, event=event)
    page = html(sign_in(owner).post(at(event), {**FILLED, "capacity": "1"}))
    assert "2 people are registered already." in page
    assert 'id="id_capacity_error"' in page
    event.refresh_from_db()
    assert event.name == "Old name"


def test_a_picture_that_comes_with_a_mistake_is_not_kept(
    owner: User, sign_in: SignIn, event: Event, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    wrong = {**FILLED, "ends": FILLED["starts"]}
    again = "Choose your picture again"
    assert again in html(sign_in(owner).post(at(event), {**wrong, "picture": upload()}))
    assert again not in html(sign_in(owner).post(at(event), wrong))
    event.refresh_from_db()
    assert not event.picture
    assert not list(tmp_path.rglob("*.webp"))


def test_whoever_publishes_without_a_stage_is_warned(owner: User, sign_in: SignIn, event: Event) -> None:
    stage = StageFactory(event=event)
    warning, way = "attendees find nothing to watch", reverse("backstage:stage_tab", args=[event.slug])
    for status in Event.Status.values:
        Event.objects.update(status=status)
        for archived_at, warned in ((None, False), (timezone.now(), True)):
            Stage.objects.filter(pk=stage.pk).update(archived_at=archived_at)
            page = html(sign_in(owner).get(at(event)))
            assert (warning in page) == warned
            assert (page.count(f'href="{way}"') == 2) == warned, "the tab, and the way to it"
    Event.objects.update(status="draft")
    sign_in(owner).post(at(event, "publish"))
    event.refresh_from_db()
    assert event.status == "published", "warned, not refused"


def test_publishing_archiving_and_back(owner: User, sign_in: SignIn, event: Event, client: Client) -> None:
    page, organizer = reverse("events:event", args=[event.slug]), sign_in(owner)
    assert "attendees and speakers can no longer open it" in html(organizer.get(at(event)))
    for act, status in (("unpublish", 404), ("publish", 200)):
        organizer.post(at(event, act))
        assert client.get(page).status_code == status
    asked = html(organizer.get(at(event, "archive")))
    assert "Archive Old name?" in asked
    assert client.get(page).status_code == 200, "asking is not doing"
    organizer.post(at(event, "archive"))
    assert client.get(page).status_code == 404
    settings_page = html(organizer.get(at(event)))
    assert "Restore" in settings_page
    assert 'name="capacity"' not in settings_page
    organizer.post(at(event), FILLED)
    event.refresh_from_db()
    assert event.name == "Old name"
    organizer.post(at(event, "restore"))
    assert client.get(page).status_code == 200


def test_unpublishing_asks_and_says_whom_it_leaves_out(
    owner: User, sign_in: SignIn, event: Event, client: Client
) -> None:
    organizer, page = sign_in(owner), reverse("events:event", args=[event.slug])
    assert f'href="{at(event, "unpublish")}"' in html(organizer.get(at(event)))
    RegistrationFactory(event=EventFactory())
    for said in ("Nobody is registered.", "1 person is registered.", "2 people are registered."):
        asked = html(organizer.get(at(event, "unpublish")))
        assert "Unpublish Old name?" in asked
        assert said in asked
        RegistrationFactory(event=event)
    assert client.get(page).status_code == 200, "asking is not doing"
    organizer.post(at(event, "unpublish"))
    assert client.get(page).status_code == 404


def test_a_copy_opens_in_its_settings(owner: User, sign_in: SignIn, event: Event) -> None:
    response = sign_in(owner).post(at(event, "duplicate"), follow=True)
    assert "This is the copy" in html(response)
    assert response.context["event"].name == "Copy of Old name"


PAGES = ["settings", "speakers", "add_speaker", "people", "export_people", "unpublish", "archive"]
ACTS = ["settings", "publish", "unpublish", "archive", "restore", "duplicate", "add_speaker"]


def test_whoever_does_not_run_it_gets_nothing(sign_in: SignIn, owner: User, client: Client) -> None:
    """Every address of the dashboard, and each answer as for an event that there is not."""
    event = EventFactory(organization=owner.organizations.get(), name="Hush-hush")
    attendee = RegistrationFactory(event=event, user__email="ada@secret.example").user
    member = MembershipFactory(organization=event.organization).user
    speaker = services.add_speaker(actor=owner, event=event, name="Grace Secret")
    addresses = [at(event, name) for name in {*PAGES, *ACTS}]
    addresses.append(reverse("moderation:activity", args=[event.slug]))
    of_speaker, of_person = (
        ("edit_speaker", "move_speaker", "remove_speaker"),
        ("block", "unblock", "make_organizer", "take_organizer_back"),
    )
    addresses += [reverse(f"events:{name}", args=[event.slug, speaker.pk]) for name in of_speaker]
    addresses += [reverse(f"events:{name}", args=[event.slug, attendee.pk]) for name in of_person]
    before = Event.objects.values().get()
    for address in addresses:
        for person in (attendee, member, UserFactory()):
            for answer in (sign_in(person).get(address), sign_in(person).post(address, FILLED)):
                # 405: to a page that takes no form, which says nothing of the event.
                assert answer.status_code in {404, 405}, address
                assert not {"Hush", "secret", "Secret"} & set(html(answer).split())
        for answer in (client.get(address), client.post(address)):
            assert answer.headers["Location"].startswith(reverse("account_login"))
            assert not answer.content
    assert Event.objects.values().get() == before
    assert event.speakers.get().name == "Grace Secret"
    assert not event.blocks.exists()
    assert not event.organizers.exists()
