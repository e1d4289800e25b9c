"""Whatever is told to a room stands in the database; what is not stored is told to nobody."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import transaction

from chat import services
from chat.models import Message, Room
from events.models import User
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import listening
from tests.integration.chat.conftest import Say

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


async def told(notices: AsyncIterator[dict[str, Any]]) -> dict[str, Any]:
    notice: dict[str, Any] = json.loads((await anext(notices))["frame"])
    return notice


async def test_a_message_is_stored_before_it_is_shown(event_room: Room, ada: User, say: Say) -> None:
    @transaction.atomic
    def say_and_fail() -> None:
        say(ada, event_room, "Never stored")
        raise RuntimeError

    async with listening(groups.chat(event_room.pk)) as notices:
        with pytest.raises(RuntimeError):
            await database_sync_to_async(say_and_fail)()
        stored = await database_sync_to_async(say)(ada, event_room, "Stored")
        first = await told(notices)
    assert (first["revision"], first["body"]["message"]["id"]) == (1, str(stored.pk))
    assert await Message.objects.aget() == stored


async def test_a_deletion_is_stored_before_it_is_shown(
    event_room: Room, olivia: User, ada: User, say: Say
) -> None:
    kept, gone = [await database_sync_to_async(say)(ada, event_room) for _ in range(2)]

    def delete(message: Message) -> None:
        services.delete(actor=olivia, room=event_room, message_id=message.pk)

    @transaction.atomic
    def delete_and_fail() -> None:
        delete(kept)
        raise RuntimeError

    async with listening(groups.chat(event_room.pk)) as notices:
        with pytest.raises(RuntimeError):
            await database_sync_to_async(delete_and_fail)()
        await database_sync_to_async(delete)(gone)
        first = await told(notices)
    told_of = {"message": str(gone.pk), "number": gone.number, "author": ada.pk}
    assert (first["type"], first["body"]) == ("message.deleted", told_of)
