"""Of every model a row, the pages of support that show them, and whoever looks at them."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backstage import services as backstage
from backstage.actions import Action
from backstage.models import BackstageSession, Broadcast, MediaEvent, Movement, Participant, Slot
from chat.models import ChatMute, Mention, Message, Room
from events.admin import offers
from events.models import HelpReference, Invitation, Mailing, Speaker, SpeakerLink, UnsentLetter, User
from hopin_backstage.rest.models import ApiToken
from hopin_backstage.rest.services import create_token
from moderation import audit
from moderation.models import ShareRequest, Webhook, WebhookDelivery
from tests.factories import (
    BlockFactory,
    EventFactory,
    MembershipFactory,
    RegistrationFactory,
    StageFactory,
    UserFactory,
)
from tests.integration.browsers import SignIn

numbers = count(1)


def a_row_of_everything() -> None:
    """Of every model one more, each with others of its own: what is shared would hide that it is asked for again."""
    number = next(numbers)
    event = EventFactory(organizers=[UserFactory()])
    MembershipFactory(organization=event.organization)
    UnsentLetter.objects.create(registration=RegistrationFactory(event=event), next_at=timezone.now())
    Mailing.objects.create(event=event, kind="rescheduled", page="https://x.example/", up_to=1)
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
