"""The People tab: who is muted in the chats, and their end of it."""

import pytest
from django.test import Client
from django.urls import reverse

from backstage.models import BackstageSession
from chat import services
from chat.models import ChatMute
from events.models import User
from tests.factories import StageFactory, UserFactory
from tests.integration.browsers import SignIn
from tests.integration.chat.conftest import Somebody

pytestmark = pytest.mark.django_db


@pytest.fixture
def organizer(pages_without_collectstatic: None, sign_in: SignIn, olivia: User) -> Client:
    return sign_in(olivia)


def people(client: Client, session: BackstageSession) -> str:
    return client.get(reverse("events:people", args=[session.stage.event.slug])).content.decode()


def test_whoever_is_muted_is_found_and_unmuted(
    session: BackstageSession, organizer: Client, olivia: User, somebody: Somebody
) -> None:
    event, gone = session.stage.event, somebody("Ada Kovač")
    assert "Muted in chat" not in people(organizer, session)
    services.mute(actor=olivia, event=event, person_id=gone.pk, muted=True)
    gone.registrations.all().delete()
    ChatMute.objects.create(event=StageFactory().event, user=UserFactory(display_name="Of another event"))
    page = people(organizer, session)
    assert "Muted in chat" in page
    assert "Allow to chat: Ada Kovač" in page
    assert "Of another event" not in page
    answer = organizer.post(reverse("chat:unmute", args=[event.slug, gone.pk]), follow=True)
    assert "They can write in the chats again." in answer.content.decode()
    assert not event.chat_mutes.exists()
    assert "Muted in chat" not in people(organizer, session)


def test_nobody_else_unmutes(
    session: BackstageSession,
    pages_without_collectstatic: None,
    sign_in: SignIn,
    olivia: User,
    sam: User,
    ada: User,
) -> None:
    event = session.stage.event
    services.mute(actor=olivia, event=event, person_id=ada.pk, muted=True)
    answer = sign_in(sam).post(reverse("chat:unmute", args=[event.slug, ada.pk]))
    assert (answer.status_code, event.chat_mutes.count()) == (404, 1)
