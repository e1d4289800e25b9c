"""Support finds every row, from every other, at the same price for many as for a few; others find nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Broadcast, MediaEvent, Movement, Participant, Slot
from chat.models import ChatMute, Mention, Message, ReadMark, Room
from events.admin import offers
from events.models import HelpReference, Invitation, Speaker, SpeakerLink, UnsentLetter, User
from hopin_backstage.realtime import Refused
from hopin_backstage.rest.models import ApiToken, KeptAnswer
from hopin_backstage.rest.services import create_token
from moderation import audit
from moderation import services as moderation
from moderation.models import AuditEntry, ShareRequest, Webhook, WebhookDelivery
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_without_collectstatic")]
numbers = count(1)
OURS = {"events", "backstage", "moderation", "chat", "hopin_backstage"}


def a_row_of_everything() -> None:
    """Of every model one more, each with others of its own: what is shared would hide that it is asked for again."""
    number = next(numbers)
    event = EventFactory(organizers=[UserFactory()])
    MembershipFactory(organization=event.organization)
    UnsentLetter.objects.create(registration=RegistrationFactory(event=event), next_at=timezone.now())
    BlockFactory(event=event, by=UserFactory())
    speaker = Speaker.objects.create(event=event, name=f"Speaker {number}")
    SpeakerLink.objects.create(speaker=speaker, label=f"Slides {number}", url="https://slides.example.com/")
    Invitation.objects.create(
        organization=event.organization,
        email=f"guest{number}@example.com",
        token_digest=f"digest-{number}",
        invited_by=UserFactory(),
        expires_at=timezone.now() + timedelta(days=7),
    )
    user = UserFactory()
    EmailAddress.objects.create(user=user, email=user.email, verified=True)
    HelpReference.objects.create(reference=f"{number:08x}", user=user, made_at=timezone.now())
    session = backstage.backstage_of(StageFactory(event=event))
    participant = Participant.objects.create(
        backstage_session=session, user=user, link_token=session.link_token
    )
    Slot.objects.create(backstage_session=session, participant=participant, index=1)
    Broadcast.objects.create(backstage_session=session, delay_s=12, started_by=UserFactory())
    Movement.objects.create(backstage_session=session, participant=participant, kind=Movement.Kind.CAME_IN)
    MediaEvent.objects.create(
        backstage_session=session,
        participant=participant,
        kind=MediaEvent.Kind.FIRST_FRAME,
        at=timezone.now(),
    )
    ShareRequest.objects.create(
        participant=participant, microphone=True, camera=True, decided_by=UserFactory()
    )
    audit.record(action=Action.MUTED, actor=UserFactory(), session=session, target=user)
    room = Room.objects.create(kind=Room.Kind.BACKSTAGE, event=event, backstage_session=session)
    message = Message.objects.create(room=room, number=1, author=user, text="Hello @Sam")
    Mention.objects.create(message=message, person=UserFactory(), name="Sam")
    Message.objects.create(
        room=room,
        number=2,
        author=UserFactory(),
        deleted_at=timezone.now(),
        deleted_by=UserFactory(),
        deletion_revision=3,
    )
    ChatMute.objects.create(event=event, user=user, by=UserFactory())
    webhook = Webhook.objects.create(
        event=event, url="https://hooks.example.com/", secret="whsec-never-shown", created_by=UserFactory()
    )
    WebhookDelivery.objects.create(webhook=webhook, kind="asked", body="{}")
    create_token(actor=user, name="A program", lasts=None)


def shown() -> list[type[Model]]:
    """Of ours, and of libraries where we show them; not Django's own groups."""
    return [model for model in admin.site._registry if model._meta.app_label != "auth"]  # noqa: SLF001


#: What support does not look up, and why.
UNSEEN = {
    # How far somebody has read is nobody else's business.
    ReadMark,
    # Copies of answers, for a day: what was done stands in the rows themselves and in the audit log.
    KeptAnswer,
}


def test_every_model_is_on_a_page_of_support() -> None:
    inlines = {inline.model for each in admin.site._registry.values() for inline in each.inlines}  # noqa: SLF001
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in OURS]
    assert len(ours) > 20
    assert {model for model in ours if model not in inlines and not admin.site.is_registered(model)} == UNSEEN


@pytest.fixture
def support(sign_in: SignIn) -> Client:
    return sign_in(UserFactory(is_staff=True, is_superuser=True))


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200, path
    return len(asked)


def test_a_list_of_thirty_asks_as_often_as_a_list_of_three(support: Client) -> None:
    for _ in range(3):
        a_row_of_everything()
    paths = {model: offers.list_of(model) for model in shown()}
    few = {model: queries(support, path) for model, path in paths.items()}
    for _ in range(27):
        a_row_of_everything()
    many = {model: queries(support, path) for model, path in paths.items()}
    assert many == few
    for model, path in paths.items():
        page = support.get(path).content.decode()
        least = min(30, model._default_manager.count())
        assert page.count('<th class="field-') + page.count('<td class="field-') >= least, (model, "is empty")


def test_every_row_opens_and_leads_to_what_belongs_to_it(support: Client) -> None:
    for _ in range(2):
        a_row_of_everything()
    followed = set()
    for model in shown():
        row = model._default_manager.first()
        if model is ApiToken:
            # A list alone.
            assert support.get(offers.page_of(row)).status_code == 403
            continue
        assert row is not None, model
        opened = support.get(offers.page_of(row))
        assert opened.status_code == 200, model
        for link in [*opened.context_data["see_also"], *opened.context_data["tools"]]:
            followed.add(link.label)
            answer = support.get(link.path)
            assert answer.status_code == 200, (model, link)
            if link.count is not None:
                assert answer.context_data["cl"].result_count == link.count, (model, link)
    assert {"Timeline", "Timeline of this person", "Empty the tile", "End the broadcast"} <= followed


def test_what_belongs_to_a_row_alone_stands_on_its_page(support: Client) -> None:
    a_row_of_everything()
    link, mention = SpeakerLink.objects.get(), Mention.objects.get()
    for row, shown_there in (
        (link.speaker, [link.label, link.url]),
        (mention.message, [offers.page_of(mention.person), str(mention.person)]),
    ):
        page = support.get(offers.page_of(row)).content.decode()
        assert [text for text in shown_there if text not in page] == []
        assert 'name="_save"' not in page
        assert "<textarea" not in page
    by_photo = {"photo__isempty": "1", "event__status__exact": link.speaker.event.status}
    assert link.speaker.name in support.get(offers.list_of(Speaker), by_photo).content.decode()
    with_photo = support.get(offers.list_of(Speaker), {"photo__isempty": "0"})
    assert link.speaker.name not in with_photo.content.decode()


def test_search_finds_by_event_and_person_everywhere(support: Client) -> None:
    a_row_of_everything()
    for model in shown():
        assert support.get(offers.list_of(model), {"q": "x y"}).status_code == 200, model


def test_no_page_has_a_link_token_a_digest_or_a_password(support: Client) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    user = session.participants.get().user
    user.set_password("a long enough password")
    user.save()
    hidden = {
        "link": session.link_token,
        "invitation": Invitation.objects.get().token_digest,
        "webhook": Webhook.objects.get().secret,
        "token": ApiToken.objects.get().token_key,
        "password": user.password.rsplit("$", 1)[1][:6],
    }
    for model in shown():
        row = (
            model._default_manager.filter(pk=user.pk).first()
            if model is User
            else model._default_manager.first()
        )
        for path in (offers.list_of(model), offers.page_of(row)):
            page = support.get(path).content.decode()
            for what, secret in hidden.items():
                assert secret not in page, (what, path)


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (BackstageSession, "link_token"),
        (Participant, "link_token"),
        (Webhook, "secret"),
        (Invitation, "token_digest"),
        (ApiToken, "digest"),
        (ApiToken, "token_key"),
        (User, "password"),
    ],
)
def test_no_list_lets_a_secret_be_guessed_letter_by_letter(
    support: Client, model: type[Model], field: str
) -> None:
    a_row_of_everything()
    beginning = getattr(model._default_manager.first(), field)[:3]
    for lookup in (f"{field}__startswith", f"{field}__gte", field):
        for guess in (beginning, "wrong"):
            answer = support.get(offers.list_of(model), {lookup: guess})
            assert answer.status_code == 400, (lookup, guess)


#: What the policy forbids: handlers and styles in attributes, and scripts and styles between tags.
INLINE = re.compile(r"""<[^>]*\s(?:on\w+|style)=|<style|<script(?![^>]*\ssrc=)(?![^>]*application/json)""")


def test_no_page_needs_more_than_the_strict_policy_allows(support: Client) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    for path in [reverse("admin:index"), reverse("admin:events_user_add"), *pages(session)]:
        answer = support.get(path)
        assert answer.status_code == 200, path
        assert "'unsafe" not in answer.headers["Content-Security-Policy"]
        assert not INLINE.findall(answer.content.decode()), path


def staff(sign_in: SignIn, *names: str) -> tuple[User, Client]:
    """`names`: permissions, `app.codename`."""
    user = UserFactory(is_staff=True)
    for name in names:
        app, codename = name.split(".")
        user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return user, sign_in(user)


def pages(session: BackstageSession) -> Iterator[str]:
    slot = session.slots.first()
    for model in shown():
        yield offers.list_of(model)
        # Tokens are a list alone.
        if model is not ApiToken:
            yield offers.page_of(model._default_manager.first() or session)
    yield reverse("admin:moderation_timeline", args=[session.pk])
    yield reverse("admin:backstage_media_servers")
    for act in ("stop", "cut", "reset-link"):
        yield reverse("admin:backstage_backstagesession_act", args=[session.pk, act])
    yield reverse("admin:backstage_slot_act", args=[slot.pk, "empty"])
    yield reverse("admin:events_block_act", args=[session.stage.event.blocks.first().pk, "unblock"])


def test_staff_without_rights_see_nothing(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(sign_in)
    index = client.get(reverse("admin:index")).content.decode()
    for model in shown():
        assert offers.list_of(model) not in index
    assert "media-servers" not in index
    assert "reference" not in index
    for path in pages(session):
        for answer in (client.get(path), client.post(path)):
            assert answer.status_code == 403, path
            assert session.stage.event.name not in answer.content.decode(), path


def test_people_and_organizers_see_nothing(client: Client, sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    organizer = sign_in(session.stage.event.organizers.get())
    for path in pages(session):
        for browser in (client, organizer):
            answer = browser.get(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/admin/login/")


def test_whoever_may_look_may_not_mend(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(
        sign_in, "backstage.view_backstagesession", "backstage.view_slot", "events.view_block"
    )
    page = client.get(offers.page_of(session)).content.decode()
    assert "End the broadcast" not in page
    assert "Timeline" not in page
    for path in list(pages(session))[-5:]:
        assert client.post(path).status_code == 403, path
    assert session.broadcasts.get().stopped_at is None
    assert session.slots.exists()


@pytest.mark.parametrize(
    ("act", "choice", "action"),
    [
        ("stop", "", Action.BROADCAST_STOPPED),
        ("cut", "", Action.CUT),
        ("reset-link", "again", Action.LINK_RESET),
        ("reset-link", "stay", Action.LINK_RESET),
    ],
)
def test_support_mends_a_show_and_is_named(sign_in: SignIn, act: str, choice: str, action: Action) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    user, client = staff(sign_in, "backstage.view_backstagesession", "backstage.mend_show")
    path = reverse("admin:backstage_backstagesession_act", args=[session.pk, act])
    asked = client.get(path).content.decode()
    assert session.stage.event.name in asked
    assert "names you" in asked
    assert not AuditEntry.objects.filter(action=action).exists(), "looking at the question does nothing"
    done = client.post(path, {"choice": choice}, follow=True)
    assert done.redirect_chain == [(offers.page_of(session), 302)]
    entry = AuditEntry.objects.get(action=action)
    assert (entry.actor, entry.backstage_session_id) == (user, session.pk)
    fresh = BackstageSession.objects.get()
    assert (fresh.link_token != session.link_token) == (act == "reset-link")
    assert fresh.participants.filter(left_at__isnull=True).exists() == (choice != "again")
    broadcast = fresh.broadcasts.get()
    assert (broadcast.stopped_by == user) == (act in {"stop", "cut"})
    assert (broadcast.cut_by == user) == (act == "cut")
    again = client.post(path, {"choice": choice}, follow=True).content.decode()
    if act == "stop":
        assert "not being broadcast" in again
    if act == "cut":
        assert "off air already" in again


@pytest.mark.parametrize("staff_member", [False, True])
def test_the_services_themselves_refuse_whoever_may_not_mend(staff_member: bool) -> None:
    """Staff without the right, and whoever has the right and is no staff."""
    a_row_of_everything()
    session, slot = BackstageSession.objects.get(), Slot.objects.get()
    user = UserFactory(is_staff=staff_member)
    if not staff_member:
        user.user_permissions.add(Permission.objects.get(codename="mend_show"))
    for mend in (
        lambda: moderation.empty_tile(actor=user, slot_id=slot.pk),
        lambda: backstage.mend_by_stopping(actor=user, session_id=session.pk),
        lambda: backstage.mend_by_cutting(actor=user, session_id=session.pk),
        lambda: backstage.reset_link(actor=user, stage=session.stage, everybody_again=True),
    ):
        with pytest.raises(Refused) as refused:
            mend()
        assert refused.value.code == "forbidden"
    assert Slot.objects.exists()
    assert session.broadcasts.get().stopped_at is None


def test_a_choice_that_is_none_does_nothing(sign_in: SignIn) -> None:
    a_row_of_everything()
    session = BackstageSession.objects.get()
    _user, client = staff(sign_in, "backstage.view_backstagesession", "backstage.mend_show")
    path = reverse("admin:backstage_backstagesession_act", args=[session.pk, "reset-link"])
    client.post(path, {"choice": "everything"})
    assert BackstageSession.objects.get().link_token == session.link_token


@pytest.mark.parametrize("kind", [Slot.Kind.CAMERA, Slot.Kind.SCREEN])
def test_support_empties_a_tile(sign_in: SignIn, kind: Slot.Kind) -> None:
    a_row_of_everything()
    Slot.objects.update(kind=kind)
    slot = Slot.objects.get()
    user, client = staff(sign_in, "backstage.view_slot", "backstage.mend_show")
    path = reverse("admin:backstage_slot_act", args=[slot.pk, "empty"])
    assert str(slot.participant.user) in client.get(path).content.decode()
    assert Slot.objects.exists()
    assert client.post(path).status_code == 302
    assert not Slot.objects.exists()
    entry = AuditEntry.objects.get(action__in=[Action.REMOVED, Action.SCREEN_REMOVED])
    assert (entry.actor, entry.target, entry.detail) == (user, slot.participant.user, "support")
    assert entry.action == (Action.SCREEN_REMOVED if kind == Slot.Kind.SCREEN else Action.REMOVED)
    assert client.post(path).status_code == 404


def test_unblocking_asks_once_from_the_page_and_from_the_list(sign_in: SignIn) -> None:
    a_row_of_everything()
    a_row_of_everything()
    session = BackstageSession.objects.first()
    event = session.stage.event
    user, client = staff(sign_in, "events.view_block", "events.delete_block")
    block = event.blocks.get()
    path = reverse("admin:events_block_act", args=[block.pk, "unblock"])
    assert str(block.user) in client.get(path).content.decode()
    assert client.post(path).headers["Location"] == reverse("admin:events_block_changelist")
    assert not event.blocks.exists()
    assert AuditEntry.objects.get(action=Action.UNBLOCKED).actor == user


def test_staff_do_not_make_themselves_more_than_they_are(sign_in: SignIn) -> None:
    user, client = staff(sign_in, "events.view_user", "events.change_user")
    other, boss = UserFactory(), UserFactory(is_staff=True, is_superuser=True)
    for target in (user, boss):
        answer = client.post(
            offers.page_of(target), {"email": "mine@example.com", "display_name": "x", "is_superuser": "on"}
        )
        assert answer.status_code == 403
        assert client.post(reverse("admin:auth_user_password_change", args=[target.pk])).status_code == 403
    for method in (client.get, client.post):
        assert method(reverse("admin:auth_user_password_change", args=[other.pk])).status_code == 403
    client.post(
        offers.page_of(other),
        {
            "email": other.email,
            "display_name": "New name",
            "is_active": "on",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )
    other.refresh_from_db()
    assert (other.display_name, other.is_superuser, other.is_staff) == ("New name", False, False)


def test_a_superuser_alone_sets_a_password(support: Client) -> None:
    other, new = UserFactory(), "an-uncommon-Phrase-9"
    typed = {"usable_password": "true", "password1": new, "password2": new}
    create_token(actor=other, name="A program", lasts=None)
    path = reverse("admin:auth_user_password_change", args=[other.pk])
    assert support.post(path, typed).status_code == 302
    other.refresh_from_db()
    assert other.check_password(new)
    assert not ApiToken.objects.exists(), "whoever knew the old one may have made them"


# --- Help ----------------------------
def test_the_reference_that_is_read_out_is_found(sign_in: SignIn, support: Client) -> None:
    registration = RegistrationFactory()
    browser = sign_in(registration.user)
    page = browser.get(reverse("events:event", args=[registration.event.slug])).content.decode()
    reference = between(page, "<code>", "</code>")
    ticket = between(page, 'data-ticket="', '"')
    assert between(page, 'data-told-at="', '"') == reverse("events:help_opened")
    assert not HelpReference.objects.exists(), "a page alone costs no row"
    for _ in range(2):
        assert Client().post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 204
    row = HelpReference.objects.get()
    assert (row.reference, row.user, row.of) == (reference, registration.user, registration.event.slug)
    for heard in (reference, reference.upper(), f"{reference[:4]} {reference[4:]}", "-".join(reference)):
        found = support.get(offers.list_of(HelpReference), {"q": heard})
        assert found.context_data["cl"].result_count == 1, heard
        assert registration.user.display_name in found.content.decode()
    assert support.get(offers.list_of(HelpReference), {"q": "no such"}).context_data["cl"].result_count == 0


def test_a_backstage_link_stands_in_no_reference(sign_in: SignIn) -> None:
    registration = RegistrationFactory()
    session = backstage.backstage_of(StageFactory(event=registration.event))
    browser = sign_in(registration.user)
    page = browser.get(reverse("backstage:room", args=[session.link_token])).content.decode()
    ticket = between(page, 'data-ticket="', '"')
    assert Client().post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 204
    row = HelpReference.objects.get()
    assert row.page == "backstage:room"
    assert session.link_token not in str(vars(row))


def test_nobody_makes_references_up(client: Client) -> None:
    for ticket in ("", "x", "eyJyZWZlcmVuY2UiOiJhIn0:1abc:zzz"):
        assert client.post(reverse("events:help_opened"), {"ticket": ticket}).status_code == 400
    assert client.get(reverse("events:help_opened")).status_code == 405
    assert not HelpReference.objects.exists()


def between(text: str, before: str, after: str) -> str:
    return text.split(before, 1)[1].split(after, 1)[0]
