"""One's own page: name and photo, another e-mail address, and deleting the account."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.core import mail
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant, Slot
from backstage.signals import participants_left
from events import services
from events.models import Event, Membership, Organization, User
from events.signals import account_closing
from hopin_backstage.realtime import Refused
from moderation import audit
from moderation.models import AuditEntry
from tests.factories import (
    PASSWORD,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn
from tests.integration.events.test_accounts import confirmed, link_in_mail
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]

PROFILE, DELETE = "/profile/", "/profile/delete/"
Role = Membership.Role


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def ada() -> User:
    return confirmed(UserFactory(display_name="Ada Kovač", email="ada@example.com"))


def photo(colour: str = "red", name: str = "me.png") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (900, 600), colour).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue())


def files(media: Path) -> list[Path]:
    return [place for place in media.rglob("*") if place.is_file()]


# --- Name and photo --------------------------------------------------------------------------------------------------
def test_name_and_photo_are_saved_and_shown(ada: User, sign_in: SignIn, media: Path) -> None:
    client = sign_in(ada)
    assert f'href="{PROFILE}"' in html(client.get("/"))
    shown = html(client.get(PROFILE))
    for way in (reverse("account_email"), reverse("account_change_password"), DELETE):
        assert f'href="{way}"' in shown
    answered = html(client.post(PROFILE, {"display_name": " Ada\u202eK ", "photo": photo()}, follow=True))
    assert "Your profile is saved." in answered
    ada.refresh_from_db()
    assert ada.display_name == "AdaK"
    assert ada.photo.url in answered
    with ada.photo.open() as kept, Image.open(kept) as image:
        assert (image.format, image.size) == ("WEBP", (256, 171))
    assert "me" not in Path(ada.photo.name).stem


def test_a_photo_is_replaced_and_removed_and_leaves_nothing(
    ada: User, sign_in: SignIn, media: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    client = sign_in(ada)
    for change, kept in (({"photo": photo()}, 1), ({"photo": photo("blue")}, 1), ({"photo-clear": "on"}, 0)):
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(PROFILE, {"display_name": "Ada", **change}).status_code == 302
        assert len(files(media)) == kept
    ada.refresh_from_db()
    assert not ada.photo
    assert "Remove the picture" not in html(client.get(PROFILE))


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"display_name": ""}, "display_name", "Enter the name that others should see."),
        ({"display_name": "\u200b"}, "display_name", "Enter the name that others should see."),
        (
            {"photo": SimpleUploadedFile("me.png", b"<svg onload=alert(1)>")},
            "photo",
            "This file cannot be read as a picture.",
        ),
        ({"photo": SimpleUploadedFile("me.png", bytes(2**21 + 1))}, "photo", "larger than 2 MB"),
        ({"photo": SimpleUploadedFile("me.png", b"")}, "photo", "This file is empty."),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_is_changed(
    ada: User, sign_in: SignIn, media: Path, change: dict[str, object], field: str, sentence: str
) -> None:
    response = sign_in(ada).post(PROFILE, {"display_name": "Other", **change})
    assert sentence in html(response).split(f'id="id_{field}_error"')[1]
    ada.refresh_from_db()
    assert ada.display_name == "Ada Kovač"
    assert not files(media)


def test_the_browser_knows_what_is_too_large_before_it_sends_it(ada: User, sign_in: SignIn) -> None:
    page = html(sign_in(ada).get(PROFILE))
    assert 'data-largest="2097152"' in page
    assert "This picture is larger than 2 MB." in page.split('id="id_photo_too_large"')[1]
    assert "events/pictures.js" in page


def test_nobody_has_a_profile_without_signing_in(client: Client) -> None:
    for address in (PROFILE, DELETE):
        for response in (client.get(address), client.post(address, {"display_name": "x"})):
            assert response.headers["Location"] == f"{reverse('account_login')}?next={address}"


def test_the_service_asks_the_same(ada: User) -> None:
    for name in ("", " ", "x" * 81):
        with pytest.raises(Refused) as refused:
            services.set_profile(actor=ada, display_name=name)
        assert refused.value.code == "account.name"


# --- Another e-mail address ------------------------------------------------------------------------------------------
def again(client: Client, response: object) -> object:
    """Gives the password that the library asks for once more, and goes on as it says."""
    assert response.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert "Is it you?" in html(client.get(response.headers["Location"]))
    return client.post(response.headers["Location"], {"password": PASSWORD}, follow=True)


def test_a_new_address_takes_the_old_ones_place_once_it_is_confirmed(ada: User, sign_in: SignIn) -> None:
    client, address = sign_in(ada), reverse("account_email")
    assert "You sign in with <strong>ada@example.com</strong>." in html(client.get(address))
    response = client.post(address, {"action_add": "", "email": "ada@new.example"})
    assert not mail.outbox
    answered = html(again(client, response))
    assert "We have sent a letter to <strong>ada@new.example</strong>." in answered
    assert "You sign in with <strong>ada@example.com</strong>." in answered
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"

    letter = link_in_mail()
    client.get(letter)
    answered = html(client.post(letter.split("?")[0], follow=True))
    assert "ada@new.example is confirmed." in answered
    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert [row.email for row in EmailAddress.objects.filter(user=ada)] == ["ada@new.example"]
    told = [message for message in mail.outbox if message.to == ["ada@example.com"]]
    assert told[-1].subject == "Your e-mail address is changed"
    assert "You sign in with ada@new.example from now on" in told[-1].body
    assert "It was not you?" in told[-1].body


def test_one_thinks_better_of_it(ada: User, sign_in: SignIn) -> None:
    client, address = sign_in(ada), reverse("account_email")
    again(client, client.post(address, {"action_add": "", "email": "ada@new.example"}))
    cache.clear()
    client.post(address, {"action_send": "", "email": "ada@new.example"})
    assert len([message for message in mail.outbox if message.to == ["ada@new.example"]]) == 2
    answered = html(client.post(address, {"action_remove": "", "email": "ada@new.example"}, follow=True))
    assert "ada@new.example is forgotten." in answered
    assert "We have sent a letter" not in answered


def test_somebody_elses_address_is_not_given_away(ada: User, sign_in: SignIn) -> None:
    confirmed(UserFactory(email="taken@example.com"))
    client, address = sign_in(ada), reverse("account_email")
    answered = html(again(client, client.post(address, {"action_add": "", "email": "taken@example.com"})))
    assert "We have sent a letter to <strong>taken@example.com</strong>." in answered
    assert mail.outbox[-1].to == ["taken@example.com"]
    letter = link_in_mail()
    assert "This address is taken" in html(client.get(letter))
    client.post(letter.split("?")[0])
    ada.refresh_from_db()
    assert ada.email == "ada@example.com"


def test_a_changed_password_is_told_by_letter(ada: User, sign_in: SignIn) -> None:
    client = sign_in(ada)
    new = "another-uncommon-Phrase"
    address = reverse("account_change_password")
    wrong = html(client.post(address, {"oldpassword": "x", "password1": new, "password2": new}))
    assert 'id="id_oldpassword_error"' in wrong
    client.post(address, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert mail.outbox[-1].subject == "Your password is changed"
    assert client.get(PROFILE).status_code == 200


# --- Deleting the account --------------------------------------------------------------------------------------------
def delete_page(client: Client) -> str:
    return html(again(client, client.get(DELETE)))


def test_the_password_comes_first_then_one_question_that_names_everything(ada: User, sign_in: SignIn) -> None:
    RegistrationFactory.create_batch(2, user=ada)
    services.create_organization(actor=ada, name="Mine alone")
    client = sign_in(ada)
    # A press without the password is forgotten: it must not be carried out behind the next one.
    assert client.post(DELETE).headers["Location"] == DELETE
    wrong = html(client.post(f"{reverse('account_reauthenticate')}?next={DELETE}", {"password": "wrong"}))
    assert "id_password_error" in wrong
    assert User.objects.filter(pk=ada.pk).exists()
    shown = delete_page(client)
    for word in (
        "This cannot be undone.",
        "Your account ada@example.com is deleted",
        "Your registrations for 2 events are given back.",
        "You leave 1 organization.",
        "Nobody else belongs to Mine alone: it is deleted with all its events.",
        "Your chat messages stay",
        "Keep my account",
    ):
        assert word in shown
    assert User.objects.filter(pk=ada.pk).exists()
    answered = client.post(DELETE, follow=True)
    assert "Your account is deleted." in html(answered)
    assert "_auth_user_id" not in client.session
    assert not User.objects.filter(pk=ada.pk).exists()
    assert not EmailAddress.objects.exists()
    assert not Organization.objects.filter(name="Mine alone").exists()
    assert "do not belong together" in html(
        Client().post(reverse("account_login"), {"login": "ada@example.com", "password": PASSWORD})
    )


def test_every_other_browser_is_out(ada: User, sign_in: SignIn) -> None:
    telephone = sign_in(ada)
    services.delete_account(actor=ada)
    assert telephone.get(PROFILE).status_code == 302


def test_the_files_go_too(
    ada: User, sign_in: SignIn, media: Path, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    sign_in(ada).post(PROFILE, {"display_name": "Ada", "photo": photo()})
    ada.refresh_from_db()
    alone = services.create_organization(actor=ada, name="Alone")
    event = EventFactory(organization=alone, starts_at=timezone.now() - timedelta(days=9))
    event.picture.save("day.png", ContentFile(photo().read()))
    event.speakers.create(name="Somebody").photo.save("her.png", ContentFile(photo().read()))
    assert len(files(media)) == 3
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_account(actor=ada)
    assert not files(media)


def test_the_last_owner_of_others_stays(ada: User, sign_in: SignIn) -> None:
    place = MembershipFactory(user=ada, role=Role.OWNER, organization__name="Northwind").organization
    admin = MembershipFactory(organization=place, role=Role.ADMIN).user
    client = sign_in(ada)
    delete_page(client)
    answered = html(client.post(DELETE, follow=True))
    assert "You are the last owner of Northwind. Make another member an owner first." in answered
    assert User.objects.filter(pk=ada.pk).exists()
    services.add_member(actor=ada, organization=place, user=admin, role=Role.OWNER)
    assert "Your account is deleted." in html(client.post(DELETE, follow=True))
    assert [row.user for row in place.memberships.all()] == [admin]


def test_people_who_are_coming_are_not_let_down(ada: User) -> None:
    alone = services.create_organization(actor=ada, name="Alone")
    event = EventFactory(organization=alone)
    registration = RegistrationFactory(event=event)
    RegistrationFactory(event=event, user=ada)
    with pytest.raises(Refused) as refused:
        services.delete_account(actor=ada)
    assert refused.value.code == "account.events_to_come"
    assert Event.objects.filter(pk=event.pk).exists()
    registration.delete()
    services.delete_account(actor=ada)
    assert not Event.objects.filter(pk=event.pk).exists()


def test_the_audit_log_keeps_the_name_as_it_was_written(ada: User) -> None:
    organizer = UserFactory(display_name="Olivia")
    event = EventFactory(organizers=[organizer])
    audit.record(action=Action.BLOCKED, actor=organizer, event=event, target=ada)
    audit.record(action=Action.BLOCKED, actor=ada, event=event, target=organizer)
    services.delete_account(actor=ada)
    assert sorted((row.actor_name, row.target_name) for row in AuditEntry.objects.all()) == [
        ("Ada Kovač", "Olivia"),
        ("Olivia", "Ada Kovač"),
    ]


def test_whoever_is_on_screen_leaves_first(ada: User) -> None:
    stage = StageFactory(event=EventFactory(organizers=[ada]))
    session = backstage.backstage_of(stage)
    participant = backstage.enter(session=session, actor=ada, link_token=session.link_token)
    backstage.take_place(actor=participant, microphone=True, camera=True)
    assert Slot.objects.exists()
    before = type(session).objects.get(pk=session.pk).revision
    services.delete_account(actor=ada)
    assert not Slot.objects.exists()
    assert not Participant.objects.exists()
    # A tile that vanished with the row alone would be a notice that nobody got.
    assert type(session).objects.get(pk=session.pk).revision > before


def test_an_organization_that_goes_takes_its_shows_off_the_air(ada: User) -> None:
    """Whoever is inside, or waits at the door, is told while there still is somebody to tell."""
    alone = services.create_organization(actor=ada, name="Alone")
    event = EventFactory(organization=alone, starts_at=timezone.now() - timedelta(days=1))
    session = backstage.backstage_of(StageFactory(event=event))
    guest = RegistrationFactory(event=event).user
    inside = backstage.enter(session=session, actor=guest, link_token=session.link_token)
    backstage.put_on_screen(participant=inside, microphone=True, camera=True)
    director = backstage.director(session=session, actor=ada)
    backstage.start_broadcast(actor=director)
    left: list[Participant] = []

    def note(sender: object, participants: list[Participant], **kwargs: object) -> None:
        left.extend(participants)

    participants_left.connect(note)
    try:
        services.delete_account(actor=ada)
    finally:
        participants_left.disconnect(note)
    assert [each.user for each in left] == [guest]
    assert not Slot.objects.exists()
    assert not BackstageSession.objects.exists()
    # The entries outlive what they tell of: the show did not go on until somebody noticed.
    assert list(AuditEntry.objects.values_list("action", "actor_name", "event_name")) == [
        ("broadcast_stopped", "", event.name),
        ("broadcast_started", "Ada Kovač", event.name),
    ]


def test_backstages_are_left_in_one_order(ada: User) -> None:
    """Each is locked until all are left: two who close their accounts must not wait for one another."""
    for _ in range(6):
        session = backstage.backstage_of(StageFactory(event=EventFactory(organizers=[ada])))
        backstage.enter(session=session, actor=ada, link_token=session.link_token)
    left = []

    def note(sender: object, session: BackstageSession, **kwargs: object) -> None:
        left.append(session.pk)

    participants_left.connect(note)
    try:
        services.delete_account(actor=ada)
    finally:
        participants_left.disconnect(note)
    assert len(left) == 6
    assert left == sorted(left)


def test_a_receiver_that_refuses_stops_it(ada: User) -> None:
    def refuse(sender: object, **kwargs: object) -> None:
        raise Refused("x", "x")

    account_closing.connect(refuse)
    try:
        with pytest.raises(Refused):
            services.delete_account(actor=ada)
    finally:
        account_closing.disconnect(refuse)
    assert User.objects.filter(pk=ada.pk).exists()


def test_no_message_of_the_page_before_is_lost(ada: User, sign_in: SignIn) -> None:
    client = sign_in(ada)
    delete_page(client)
    response = client.post(DELETE)
    assert [str(message) for message in get_messages(response.wsgi_request)] == ["Your account is deleted."]
