"""Deleting an account: who may not, what goes with it, and in which order."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.contrib.messages import get_messages
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Participant, Slot
from backstage.signals import participants_left
from chat import services as chat
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
from tests.integration.chat.history import snapshot
from tests.integration.events.account.own_page import DELETE, PROFILE, again, files, photo
from tests.integration.events.test_pages import html

pytestmark = [pytest.mark.django_db, pytest.mark.database]
Role = Membership.Role


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
        "Your chat messages stay, as those of a former attendee.",
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
    shown = delete_page(client)
    assert "You are the last owner of Northwind. Make another member an owner, then come back." in shown
    assert f'href="/organizations/{place.slug}/members/"' in shown
    assert "Delete my account" not in shown, "it could only fail"
    assert "You leave" not in shown
    answered = html(client.post(DELETE, follow=True))
    assert "You are the last owner of Northwind. Make another member an owner first." in answered
    assert User.objects.filter(pk=ada.pk).exists()
    services.add_member(actor=ada, organization=place, user=admin, role=Role.OWNER)
    assert "Delete my account" in html(client.get(DELETE))
    assert "Your account is deleted." in html(client.post(DELETE, follow=True))
    assert [row.user for row in place.memberships.all()] == [admin]


def test_people_who_are_coming_are_not_let_down(ada: User, sign_in: SignIn) -> None:
    alone = services.create_organization(actor=ada, name="Alone")
    client = sign_in(ada)
    assert "Delete my account" in delete_page(client)
    event = EventFactory(organization=alone)
    registration = RegistrationFactory(event=event)
    RegistrationFactory(event=event, user=ada)
    with pytest.raises(Refused) as refused:
        services.delete_account(actor=ada)
    assert refused.value.code == "account.events_to_come"
    assert Event.objects.filter(pk=event.pk).exists()
    shown = html(client.get(DELETE))
    assert "People are registered for events of Alone that are not over." in shown
    assert f'href="/organizations/{alone.slug}/members/"' in shown
    assert "Delete my account" not in shown
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


def test_what_they_wrote_stays_as_that_of_a_former_attendee(ada: User, sign_in: SignIn) -> None:
    """In both chats, for whoever reads them later; and nothing of who it was."""
    sign_in(ada).post(PROFILE, {"display_name": "Ada Kovač", "photo": photo()})
    session = backstage.backstage_of(StageFactory())
    reader = RegistrationFactory(event=session.stage.event).user
    RegistrationFactory(event=session.stage.event, user=ada)
    for user in (ada, reader):
        backstage.enter(session=session, actor=user, link_token=session.link_token)
    rooms = [chat.room_of_event(session.stage.event), chat.room_of_backstage(session)]
    for room in rooms:
        chat.send(room=room, post=chat.Post(actor=ada, client_id=uuid4(), text="I was here"))
    services.delete_account(actor=User.objects.get(pk=ada.pk))
    for room in rooms:
        (told,) = snapshot(room, reader).messages
        author = told.author
        assert (told.text, author.name) == ("I was here", "Former attendee")
        assert (author.person, author.photo) == (None, None)


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
