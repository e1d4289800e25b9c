"""The line at the door, when nobody is to wait in it any more."""

import asyncio
import json
from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from backstage import messages
from backstage.models import BackstageSession, Movement, Participant
from backstage.services.attendance import close
from backstage.services.door import announce_line, dissolve_line
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.access import AccessChanged
from hopin_backstage.realtime.fanout import listening

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


async def test_only_a_line_with_somebody_in_it_is_dissolved(
    session: BackstageSession, come_in: Callable[..., Participant], settings: Settings
) -> None:
    """A closed Backstage that is still counted is closed again each second."""

    def nobody_waits() -> None:
        with CaptureQueriesContext(connection) as asked:
            dissolve_line(session)
        assert len(asked) == 1
        close(session)
        announce_line(session)

    def one_waits() -> Participant:
        settings.BACKSTAGE_PLACES = 0
        waiting = come_in()
        assert waiting.waiting_since is not None
        close(session)
        return waiting

    async with listening(groups.door(session.id)) as notices:

        async def told() -> str:
            async with asyncio.timeout(5):
                return str(json.loads((await anext(notices))["frame"])["type"])

        await database_sync_to_async(nobody_waits)()
        assert await told() == messages.LineMoved.wire_type
        waiting = await database_sync_to_async(one_waits)()
        assert await told() == AccessChanged.wire_type
    await waiting.arefresh_from_db()
    assert waiting.waiting_since is None
    assert await Movement.objects.filter(participant=waiting, kind=Movement.Kind.GAVE_UP).acount() == 1
