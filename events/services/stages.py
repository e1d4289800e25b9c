"""Stages of an event."""

from django.db import transaction

from events.models import DELAY_DEFAULT_S, Event, Stage, User
from events.services.rules import check_delay, check_organizer


@transaction.atomic
def create_stage(*, actor: User, event: Event, name: str, delay_s: int = DELAY_DEFAULT_S) -> Stage:
    """Adds a Stage behind the others; `delay_s` in seconds.

    Raises Refused: `event.not_yours`, `stage.delay`.
    """
    check_organizer(actor, event)
    check_delay(delay_s)
    last = event.stages.order_by("-position").values_list("position", flat=True).first()
    position = 0 if last is None else last + 1
    return Stage.objects.create(event=event, name=name, position=position, delay_s=delay_s)


@transaction.atomic
def set_stage_delay(*, actor: User, stage: Stage, delay_s: int) -> Stage:
    """Sets how many seconds the Stage runs behind, from the next broadcast on.

    Whether one is running now is asked by `backstage`, which knows.
    Raises Refused: `event.not_yours`, `stage.delay`.
    """
    check_organizer(actor, stage.event)
    check_delay(delay_s)
    stage.delay_s = delay_s
    stage.save(update_fields=["delay_s"])
    return stage
