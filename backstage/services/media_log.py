"""What is kept of what media servers did and said. No rule asks for it, so it needs no lock and tells nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from backstage.models import BackstageSession, MediaEvent, Movement, Participant

#: How long media events and movements are kept.
KEPT_FOR = timedelta(days=90)
#: Of one Backstage session, of each: the newest.
KEPT_ROWS = 20_000
#: Rows deleted in one transaction, so that nobody waits long for the database.
FORGET_AT_ONCE = 1_000


@dataclass(frozen=True)
class Heard:
    """One media event on its way into the database. `participant_id`, `feed`: None where it was about neither."""

    session_id: UUID
    kind: MediaEvent.Kind
    at: datetime
    participant_id: UUID | None = None
    feed: int | None = None
    medium: str = ""
    detail: str = ""


@transaction.atomic
def note_media_events(*, heard: Sequence[Heard], missing: Mapping[UUID, int] | None = None) -> None:
    """Writes a batch; what is about a Backstage that is gone is let go.

    `missing`: by Backstage, how many were dropped before they came here; that is written down, too.
    """
    now = timezone.now()
    gaps = [
        Heard(session_id, MediaEvent.Kind.GAP, now, detail=str(count))
        for session_id, count in (missing or {}).items()
    ]
    batch = [*heard, *gaps]
    sessions = set(
        BackstageSession.objects.filter(pk__in={each.session_id for each in batch}).values_list(
            "pk", flat=True
        )
    )
    people = dict(
        Participant.objects.filter(
            pk__in={each.participant_id for each in batch if each.participant_id}
        ).values_list("pk", "backstage_session_id")
    )
    MediaEvent.objects.bulk_create(
        MediaEvent(
            backstage_session_id=each.session_id,
            # A name in a room is what somebody told Janus: it counts if it is one of ours, here.
            participant_id=each.participant_id
            if each.participant_id and people.get(each.participant_id) == each.session_id
            else None,
            kind=each.kind,
            medium=each.medium,
            feed=each.feed,
            at=each.at,
            detail=each.detail[:120],
        )
        for each in batch
        if each.session_id in sessions
    )


def forget_old(*, now: datetime | None = None) -> int:
    """Deletes media events and movements that are too old or too many, a part at a time; how many it were.

    To be called again while it returns more than none.
    """
    return sum(_forget(rows, now or timezone.now()) for rows in (MediaEvent, Movement))


def _forget(rows: type[MediaEvent] | type[Movement], now: datetime) -> int:
    over = list(
        rows.objects.filter(at__lt=now - KEPT_FOR)
        .order_by("at")
        .values_list("pk", flat=True)[:FORGET_AT_ONCE]
    )
    for session_id, count in _crowded(rows).items():
        of_session = rows.objects.filter(backstage_session=session_id).order_by("at", "pk")
        over += of_session.values_list("pk", flat=True)[: min(count - KEPT_ROWS, FORGET_AT_ONCE)]
    ours = set(over[:FORGET_AT_ONCE])
    return rows.objects.filter(pk__in=ours).delete()[0] if ours else 0


def _crowded(rows: type[MediaEvent] | type[Movement]) -> Mapping[UUID, int]:
    """Backstage sessions with more rows than are kept, and how many they have."""
    counts = rows.objects.order_by().values_list("backstage_session").annotate(count=Count("pk"))
    return dict(counts.filter(count__gt=KEPT_ROWS))
