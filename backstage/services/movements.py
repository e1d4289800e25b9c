"""What is kept of people's coming and going, for whoever looks a show up afterwards."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.utils import timezone

from backstage.models import Movement, Participant

Kind = Movement.Kind


def note_movements(
    kind: Kind,
    people: Iterable[Participant],
    *,
    slot: int | None = None,
    at: Callable[[Participant], datetime] | None = None,
) -> None:
    """Inside the transaction of what they tell of. `slot`: 1 to 5. `at`: when it was; now. Tells nobody."""
    now = timezone.now()
    Movement.objects.bulk_create(
        Movement(
            backstage_session_id=person.backstage_session_id,
            participant=person,
            kind=kind,
            at=at(person) if at else now,
            slot=slot,
        )
        for person in people
    )
