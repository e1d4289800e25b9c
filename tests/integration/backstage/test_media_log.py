"""Media events reach the database in batches, are counted where it is away, and are forgotten after a while."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError
from django.utils import timezone

from backstage import services
from backstage.media import media_log
from backstage.media.media_log import MediaLog
from backstage.models import BackstageSession, MediaEvent, Movement, Participant
from backstage.services import media_log as keeping
from backstage.services.media_log import Heard
from tests.factories import StageFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
Kind = MediaEvent.Kind


def new_session() -> BackstageSession:
    return services.backstage_of(StageFactory())


def heard(session: BackstageSession, **more: Any) -> Heard:
    return Heard(session.pk, more.pop("kind", Kind.CONNECTED), more.pop("at", timezone.now()), **more)


def kinds(session: BackstageSession) -> list[str]:
    return list(session.media_events.order_by("pk").values_list("kind", flat=True))


def test_a_batch_keeps_what_is_ours_and_lets_go_of_the_rest() -> None:
    session, other = new_session(), new_session()
    sam = Participant.objects.create(backstage_session=session, user=UserFactory())
    services.note_media_events(
        heard=[
            heard(session, participant_id=sam.pk, detail="x" * 500),
            heard(other, participant_id=sam.pk),
            heard(session, participant_id=uuid4()),
            Heard(uuid4(), Kind.CONNECTED, timezone.now()),
        ],
        missing={session.pk: 7, uuid4(): 2},
    )
    rows = [
        (row.backstage_session_id, row.participant_id, row.kind) for row in MediaEvent.objects.order_by("pk")
    ]
    assert rows == [
        (session.pk, sam.pk, Kind.CONNECTED),
        (other.pk, None, Kind.CONNECTED),
        (session.pk, None, Kind.CONNECTED),
        (session.pk, None, Kind.GAP),
    ]
    assert MediaEvent.objects.get(kind=Kind.GAP).detail == "7"


def test_what_is_too_old_and_what_is_too_much_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEPT_ROWS", 5)
    session, quiet = new_session(), new_session()
    sam = Participant.objects.create(backstage_session=session, user=UserFactory())
    now = timezone.now()
    old = now - keeping.KEPT_FOR - timedelta(seconds=1)
    services.note_media_events(heard=[heard(quiet, at=old), heard(quiet, at=now)])
    services.note_media_events(
        heard=[heard(session, at=now - timedelta(seconds=number), feed=number) for number in range(8)]
    )
    Movement.objects.create(backstage_session=session, participant=sam, kind=Movement.Kind.LEFT, at=old)
    assert services.forget_old(now=now) == 1 + 3 + 1
    assert services.forget_old(now=now) == 0
    assert list(session.media_events.order_by("feed").values_list("feed", flat=True)) == [0, 1, 2, 3, 4]
    assert quiet.media_events.count() == 1
    assert not Movement.objects.exists()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_log, "GATHER_S", 0.01)
    monkeypatch.setattr(media_log, "AGAIN_S", 0.01)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not await database_sync_to_async(condition)():  # noqa: ASYNC110  what another thread has done
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("quick")
async def test_a_database_that_is_away_costs_a_count_and_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    session = await database_sync_to_async(new_session)()
    away, tried = [True], []
    write = services.note_media_events

    def write_if_there(**batch: Any) -> None:
        tried.append(len(batch["heard"]))
        if away[0]:
            raise OperationalError("away")
        write(**batch)

    monkeypatch.setattr(services, "note_media_events", write_if_there)
    log = MediaLog(most_waiting=3)
    writing = asyncio.create_task(log.write_forever())
    try:
        log.note(heard(session, feed=0), None)
        await until(lambda: len(tried) >= 2)
        for feed in range(1, 6):
            log.note(heard(session, feed=feed))
        await until(lambda: len(tried) >= 4)
        away[0] = False
        await until(lambda: Kind.GAP in kinds(session))
    finally:
        writing.cancel()
        log.close()
    assert max(tried) <= 3
    rows = await database_sync_to_async(
        lambda: list(session.media_events.order_by("pk").values_list("kind", "feed"))
    )()
    kept = [feed for kind, feed in rows if kind == Kind.CONNECTED]
    gap = await database_sync_to_async(MediaEvent.objects.get)(kind=Kind.GAP)
    assert kept == sorted(kept), "in their order"
    assert len(kept) + int(gap.detail) == 6, "kept or counted"
