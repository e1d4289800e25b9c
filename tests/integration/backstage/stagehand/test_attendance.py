"""Whom the stagehand takes for present, and whether pages are told how many they are."""

from uuid import UUID

import pytest
from channels.db import database_sync_to_async
from django.db import OperationalError

from backstage import selectors, services
from backstage.models import BackstageSession, Participant
from backstage.selectors import Place
from backstage.stagehand import attendance
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.presence import Presence, presence
from tests.factories import StageFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


async def test_whoever_comes_in_while_presences_are_read_is_not_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def arrive() -> Participant:
        return Participant.objects.create(backstage_session=session, user=UserFactory())

    def away() -> set[UUID]:
        return set(Participant.objects.exclude(away_since=None).values_list("pk", flat=True))

    session: BackstageSession = await database_sync_to_async(services.backstage_of)(
        await database_sync_to_async(StageFactory)()
    )
    gone = await database_sync_to_async(arrive)()
    people = Presence.people
    arrived = []

    async def people_while_somebody_comes(self: Presence, place: str) -> set[str]:
        found = await people(self, place)
        if not arrived:
            # Present, then inside: as every socket does.
            participant = await database_sync_to_async(arrive)()
            arrived.append(participant)
            await presence().renew(groups.backstage(session.id), f"{participant.user_id}/line")
        return found

    monkeypatch.setattr(Presence, "people", people_while_somebody_comes)
    await attendance.check(Place(session.id, session.stage_id), {})
    assert await database_sync_to_async(away)() == {gone.pk}


async def test_a_number_that_was_told_a_moment_too_early_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everybody is present before their row says so: what was told then is one too few, and not for ten seconds."""
    session = await database_sync_to_async(services.backstage_of)(
        await database_sync_to_async(StageFactory)()
    )
    user = await database_sync_to_async(UserFactory)()
    told: list[int] = []

    def tell(*, session_id: UUID, watching: int) -> int:
        told.append(selectors.people_inside(session))
        return told[-1]

    monkeypatch.setattr(services, "viewers_counted", tell)
    counted: attendance.Counted = {}
    place = Place(session.id, session.stage_id)
    await presence().renew(groups.backstage(session.id), f"{user.pk}/line")
    await attendance.check(place, counted)
    await database_sync_to_async(Participant.objects.create)(backstage_session=session, user=user)
    await attendance.check(place, counted)
    await attendance.check(place, counted)
    await presence().end(groups.backstage(session.id), f"{user.pk}/line")
    assert told == [0, 1]


async def test_a_number_that_could_not_be_told_is_told_at_the_next_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = await database_sync_to_async(services.backstage_of)(
        await database_sync_to_async(StageFactory)()
    )
    outcomes = iter([OperationalError("the database is away"), 0])
    asked: list[int] = []

    def tell(*, session_id: UUID, watching: int) -> int:
        asked.append(watching)
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(services, "viewers_counted", tell)
    counted: attendance.Counted = {}
    place = Place(session.id, session.stage_id)
    with pytest.raises(OperationalError):
        await attendance.check(place, counted)
    await attendance.check(place, counted)
    await attendance.check(place, counted)
    assert len(asked) == 2


async def test_a_number_that_changed_while_it_was_told_is_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody left between the count and the telling, and is back: pages have the lower number."""
    session = await database_sync_to_async(services.backstage_of)(
        await database_sync_to_async(StageFactory)()
    )
    pages = iter([-1, 0])
    told: list[int] = []

    def tell(*, session_id: UUID, watching: int) -> int:
        told.append(next(pages))
        return told[-1]

    monkeypatch.setattr(services, "viewers_counted", tell)
    counted: attendance.Counted = {}
    place = Place(session.id, session.stage_id)
    for _ in range(3):
        await attendance.check(place, counted)
    assert told == [-1, 0]
