"""Adding stages, and their delay."""

import pytest
from django.db import IntegrityError, transaction

from events import services
from events.models import Organization, Stage
from tests.factories import EventFactory, RegistrationFactory, StageFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_stages_queue_up_behind_each_other() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    for name in ("Main Stage", "Workshop Stage"):
        services.create_stage(actor=organizer, event=event, name=name)
    assert list(event.stages.values_list("name", "position", "delay_s")) == [
        ("Main Stage", 0, 12),
        ("Workshop Stage", 1, 12),
    ]


@pytest.mark.parametrize("delay_s", [10, 15])
def test_the_delay_is_saved(delay_s: int) -> None:
    organizer, stage = UserFactory(), StageFactory()
    stage.event.organizers.add(organizer)
    services.set_stage_delay(actor=organizer, stage=stage, delay_s=delay_s)
    assert Stage.objects.get().delay_s == delay_s


@pytest.mark.parametrize("delay_s", [-1, 0, 9, 16])
def test_a_delay_out_of_range_is_refused(delay_s: int) -> None:
    organizer, stage = UserFactory(), StageFactory()
    stage.event.organizers.add(organizer)
    assert (
        refusal(lambda: services.set_stage_delay(actor=organizer, stage=stage, delay_s=delay_s))
        == "stage.delay"
    )
    assert (
        refusal(lambda: services.create_stage(actor=organizer, event=stage.event, name="No", delay_s=delay_s))
        == "stage.delay"
    )
    assert Stage.objects.get().delay_s == 12


def test_the_database_itself_refuses_such_a_delay() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        StageFactory(delay_s=16)


def test_stages_are_for_organizers() -> None:
    stage = StageFactory()
    attendee = RegistrationFactory(event=stage.event).user
    assert (
        refusal(lambda: services.set_stage_delay(actor=attendee, stage=stage, delay_s=10))
        == "event.not_yours"
    )
    assert (
        refusal(lambda: services.create_stage(actor=attendee, event=stage.event, name="Mine"))
        == "event.not_yours"
    )
    assert Stage.objects.get().delay_s == 12
    assert Organization.objects.count() == 1
