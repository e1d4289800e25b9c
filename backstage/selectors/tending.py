"""What the stagehand looks after."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from backstage.models import BackstageSession, Broadcast, Participant


def _tendable() -> QuerySet[Any]:
    inside = Participant.objects.filter(backstage_session=OuterRef("pk"), left_at__isnull=True)
    on_air = Broadcast.objects.filter(backstage_session=OuterRef("pk"), ended_at__isnull=True)
    return BackstageSession.objects.annotate(in_use=Exists(inside) | Exists(on_air)).select_related(
        "stage__event"
    )


def sessions_to_tend() -> list[tuple[BackstageSession, bool]]:
    """Those that need something of Janus (True: somebody is inside, or a show has not ended), or may still have it."""
    sessions = _tendable().filter(
        Q(in_use=True) | Q(dummy_feed__isnull=False) | Q(mountpoint_ready=True) | Q(aired_layout__live=True)
    )
    return [(session, session.in_use) for session in sessions]


def session_to_tend(session_id: UUID) -> tuple[BackstageSession, bool]:
    session = _tendable().get(pk=session_id)
    return session, session.in_use


@dataclass(frozen=True)
class Place:
    """A Backstage whose people are to be counted, with its Stage."""

    session_id: UUID
    stage_id: UUID


def places_to_count() -> list[Place]:
    """Those that need something of Janus, and those at whose door somebody waits."""
    waits = Participant.objects.filter(backstage_session=OuterRef("pk"), waiting_since__isnull=False)
    at_doors = BackstageSession.objects.filter(Exists(waits)).values_list("id", "stage_id")
    tended = ((session.id, session.stage_id) for session, _in_use in sessions_to_tend())
    return [Place(*ids) for ids in {*tended, *at_doors}]
