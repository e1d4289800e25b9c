"""Broadcasts: the state of the show, what the audience saw when, and what an event's shows had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils import timezone

from backstage.messages import Show, ShowState
from backstage.models import BackstageSession, Broadcast
from events.models import Event


def show(session: BackstageSession, now: datetime | None = None) -> Show:
    """The state of the show, with times relative to now."""
    return show_of(session, list(_not_ended().filter(backstage_session=session)), now or timezone.now())


def show_of(session: BackstageSession, current: Sequence[Broadcast], now: datetime) -> Show:
    """As `show`, of the broadcasts that have not ended, the newest first: it decides what the indicator says."""
    broadcast = current[0] if current else None
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
    return Show(
        state=ShowState.GOING_LIVE,
        delay_s=broadcast.delay_s,
        on_air_in_ms=on_air_in,
        off_air_in_ms=_still_seen_ms(current[1:], now),
    )


def _still_seen_ms(earlier: Sequence[Broadcast], now: datetime) -> int | None:
    """For how long attendees see the end of the show before this one; None: they see nothing."""
    for each in earlier:
        if each.on_air_at and each.stopped_at and not each.cut_at:
            return _ms(each.stopped_at + timedelta(seconds=each.delay_s) - now)
    return None


def prefetch_current() -> "Prefetch[Any]":
    """`current` of each of many sessions: its broadcasts that have not ended, the newest first."""
    return Prefetch("broadcasts", _not_ended(), to_attr="current")


def _not_ended() -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(ended_at__isnull=True).order_by("-started_at")


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))


@dataclass(frozen=True)
class Airing:
    """A show that attendees see now."""

    on_air_at: datetime
    delay: timedelta

    def captured_when_seen(self, at: datetime) -> datetime | None:
        """When that was captured which they saw at that time, now or a moment ago; None: it was off air."""
        return None if at < self.on_air_at else at - self.delay


def airing(*, stage_id: UUID, event_id: int) -> Airing | None:
    """Of a Stage of this event; None: it is off air, or no Stage of it."""
    on_air = Broadcast.objects.filter(
        backstage_session__stage=stage_id,
        backstage_session__stage__event=event_id,
        on_air_at__isnull=False,
        cut_at__isnull=True,
        ended_at__isnull=True,
    )
    broadcast = on_air.order_by("-on_air_at").first()
    if broadcast is None or broadcast.on_air_at is None:
        return None
    return Airing(broadcast.on_air_at, timedelta(seconds=broadcast.delay_s))


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
