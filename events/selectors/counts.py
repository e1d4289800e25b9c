"""How many an event has: registrations, people who came, Stages."""

from dataclasses import dataclass

from django.db.models import Count

from events.models import Event
from events.selectors.events import stages_of
from events.selectors.places import with_places


@dataclass(frozen=True)
class EventNumbers:
    """How many are registered and not blocked, and how many of them have been at a Stage or in a Backstage."""

    registrations: int
    came: int
    capacity: int | None
    blocked: int
    """Registered or not."""
    stages: int

    @property
    def came_percent(self) -> int:
        return round(100 * self.came / self.registrations) if self.registrations else 0


def numbers(event: Event) -> EventNumbers:
    counted = with_places(event).aggregate(all=Count("pk"), came=Count("came_at"))
    return EventNumbers(
        registrations=counted["all"],
        came=counted["came"],
        capacity=event.capacity,
        blocked=event.blocks.count(),
        stages=stages_of(event).count(),
    )
