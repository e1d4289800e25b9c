"""Broadcasts: the state of the show, what the audience saw when, and what an event's shows had."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch
from django.utils import timezone

from backstage.messages import Show, ShowState
from backstage.models import BackstageSession, Broadcast
from events.models import Event


def current_broadcast(session: BackstageSession) -> Broadcast | None:
    """The one that decides what the indicator says: the newest that has not ended."""
    return session.broadcasts.filter(ended_at__isnull=True).order_by("-started_at").first()


def show(session: BackstageSession, now: datetime | None = None) -> Show:
    """The state of the show, with times relative to now."""
    return show_of(session, current_broadcast(session), now or timezone.now())


def show_of(session: BackstageSession, broadcast: Broadcast | None, now: datetime) -> Show:
    """As `show`, of the broadcast that decides it."""
    if broadcast is None or broadcast.cut_at:
        # After a cut nobody sees anything any more, whenever the stagehand comes to write that down.
        return Show(state=ShowState.OFF_AIR, delay_s=session.stage.delay_s)
    delay = timedelta(seconds=broadcast.delay_s)
    live_for = _ms(now - broadcast.on_air_at) if broadcast.on_air_at else None
    if broadcast.stopped_at:
        return Show(
            state=ShowState.ENDING,
            delay_s=broadcast.delay_s,
            live_for_ms=live_for,
            off_air_in_ms=_ms(broadcast.stopped_at + delay - now),
        )
    if broadcast.on_air_at:
        return Show(state=ShowState.LIVE, delay_s=broadcast.delay_s, live_for_ms=live_for)
    on_air_in = _ms(broadcast.capture_began_at + delay - now) if broadcast.capture_began_at else None
    return Show(state=ShowState.GOING_LIVE, delay_s=broadcast.delay_s, on_air_in_ms=on_air_in)


def prefetch_current() -> "Prefetch[Any]":
    """`current` of each of many sessions: its broadcasts that have not ended, the newest first."""
    not_ended = Broadcast.objects.filter(ended_at__isnull=True).order_by("-started_at")
    return Prefetch("broadcasts", not_ended, to_attr="current")


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))


def captured_when_seen(*, stage_id: UUID, event_id: int, at: datetime) -> datetime | None:
    """When that was captured which a Stage of this event showed at that time, now or a moment ago; None: off air."""
    on_air = Broadcast.objects.filter(
        backstage_session__stage=stage_id,
        backstage_session__stage__event=event_id,
        on_air_at__lte=at,
        cut_at__isnull=True,
        ended_at__isnull=True,
    )
    delay_s = on_air.values_list("delay_s", flat=True).first()
    return None if delay_s is None else at - timedelta(seconds=delay_s)


@dataclass(frozen=True)
class ShowNumbers:
    """Of all Stages of an event, the archived too: how many shows, and the most people at a time at any one of them:
    of ours while they were on air, of others whenever somebody was there.
    """

    broadcasts: int
    peak_on_stage: int
    peak_backstage: int


def show_numbers(event: Event) -> ShowNumbers:
    shows = Broadcast.objects.filter(backstage_session__stage__event=event).aggregate(
        number=Count("pk"), peak=Max("peak_viewers")
    )
    elsewhere = event.stages.aggregate(peak=Max("peak_elsewhere"))
    inside = BackstageSession.objects.filter(stage__event=event).aggregate(peak=Max("peak_people"))
    return ShowNumbers(
        broadcasts=shows["number"],
        peak_on_stage=max(shows["peak"] or 0, elsewhere["peak"] or 0),
        peak_backstage=inside["peak"] or 0,
    )
