"""An event that is deleted while people are in its chat."""

import json

import pytest
from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client
from django.urls import path

from chat.consumers import EventChatConsumer
from events.models import Event
from events.services import ask_again
from tests.factories import RegistrationFactory
from tests.integration.browsers import SignIn

pytestmark = [pytest.mark.django_db(transaction=True)]
application = URLRouter([path("chat/<slug:event_slug>/", EventChatConsumer.as_asgi())])  # type: ignore[arg-type]


async def test_whoever_is_in_a_chat_that_is_deleted_is_put_out_with_a_sentence(sign_in: SignIn) -> None:
    """Even by hand and untold, as here: else they would stay for ever, in a room that is none."""
    registration = await database_sync_to_async(RegistrationFactory)()
    event, user = registration.event, registration.user
    browser: Client = await database_sync_to_async(sign_in)(user)
    communicator = WebsocketCommunicator(application, f"/chat/{event.slug}/")
    communicator.scope["user"] = user  # type: ignore[typeddict-unknown-key]
    communicator.scope["session"] = browser.session  # type: ignore[typeddict-unknown-key]
    await communicator.connect()
    assert json.loads(await communicator.receive_from(5))["type"] == "chat.snapshot"
    await database_sync_to_async(ask_again)(user)
    assert json.loads(await communicator.receive_from(5))["type"] == "chat.at"
    await database_sync_to_async(Event.objects.filter(pk=event.pk).delete)()
    await database_sync_to_async(ask_again)(user)
    said = json.loads(await communicator.receive_from(5))
    assert (said["type"], said["code"], said["re"]) == ("error", "gone", None)
    assert await communicator.receive_output(5) == {"type": "websocket.close", "code": 4403}
    await communicator.disconnect()
