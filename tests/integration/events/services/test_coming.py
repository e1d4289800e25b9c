"""Being noted as having come."""

import pytest
from pytest_django import Settings

from backstage import services as backstage
from events import selectors
from tests.factories import RegistrationFactory, StageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_first_time_somebody_comes_is_kept() -> None:
    stage = StageFactory()
    registration = RegistrationFactory(event=stage.event)
    session = backstage.backstage_of(stage)
    backstage.come_to_stage(stage_id=stage.pk, actor=registration.user)
    registration.refresh_from_db()
    first = registration.came_at
    assert first is not None
    backstage.enter(session=session, actor=registration.user, link_token=session.link_token)
    registration.refresh_from_db()
    assert registration.came_at == first
    numbers = selectors.numbers(stage.event)
    assert (numbers.registrations, numbers.came, numbers.came_percent) == (1, 1, 100)


def test_who_is_inside_has_come_and_who_waits_at_the_door_has_not(settings: Settings) -> None:
    settings.BACKSTAGE_PLACES = 1
    stage = StageFactory()
    session = backstage.backstage_of(stage)
    first, second = RegistrationFactory.create_batch(2, event=stage.event)
    inside = backstage.enter(session=session, actor=first.user, link_token=session.link_token)
    backstage.enter(session=session, actor=second.user, link_token=session.link_token)
    assert list(stage.event.registrations.filter(came_at__isnull=False)) == [first]
    backstage.leave(participant_id=inside.pk)
    assert stage.event.registrations.filter(came_at__isnull=True).count() == 0


def test_the_most_people_backstage_are_kept() -> None:
    session = backstage.backstage_of(StageFactory())
    inside = [
        backstage.enter(
            session=session,
            actor=RegistrationFactory(event=session.stage.event).user,
            link_token=session.link_token,
        )
        for _ in range(3)
    ]
    backstage.viewers_counted(session_id=session.pk, watching=7)
    backstage.leave(participant_id=inside[0].pk)
    backstage.viewers_counted(session_id=session.pk, watching=7)
    session.refresh_from_db()
    assert session.peak_people == 3
