"""Reads of the Backstage: what pages, sockets and the stagehand are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backstage.messages import AiredTile, BackstageSnapshot, Layout, Me, Show, ShowState, StageSnapshot, Tile
from backstage.models import SLOTS, BackstageSession, Broadcast, Participant, Slot
from events.models import Stage, User


def by_link(link_token: str) -> BackstageSession | None:
    """The Backstage that a link opens; None for a wrong or an old one."""
    return (
        BackstageSession.objects.select_related("stage__event__organization")
        .filter(
            link_token=link_token,
            stage__archived_at__isnull=True,
            stage__provider=Stage.Provider.HOPIN,
        )
        .first()
    )


def of_stage(stage_id: UUID) -> BackstageSession | None:
    return (
        BackstageSession.objects.select_related("stage__event__organization")
        .filter(stage_id=stage_id, stage__archived_at__isnull=True, stage__provider=Stage.Provider.HOPIN)
        .first()
    )


def get(session_id: UUID) -> BackstageSession:
    return BackstageSession.objects.get(pk=session_id)


def photo_url(user: User) -> str | None:
    return user.photo.url if user.photo else None


def slots_of(session: BackstageSession) -> list[Slot]:
    """The taken places, in the order of their slots."""
    return list(session.slots.select_related("participant__user").order_by("index"))


def tile(slot: Slot) -> Tile:
    user = slot.participant.user
    return Tile(
        slot=slot.index,
        participant=str(slot.participant_id),
        name=user.display_name,
        photo=photo_url(user),
        colour=user.avatar_colour,
        kind=slot.kind,
        connected=slot.feed is not None,
        microphone=slot.microphone_on,
        camera=slot.camera_on,
    )


def tiles(session: BackstageSession) -> list[Tile]:
    return [tile(slot) for slot in slots_of(session)]


def feeds(session: BackstageSession) -> list[int | None]:
    """Feed by slot; index 0 is slot 1."""
    taken = dict(session.slots.values_list("index", "feed"))
    return [taken.get(index) for index in range(1, SLOTS + 1)]


def layout_to_air(session: BackstageSession) -> Layout:
    """The tiles as the delay line takes them in: those whose media flow."""
    return Layout(
        live=True,
        tiles=[
            AiredTile(
                slot=slot.index,
                name=slot.participant.user.display_name,
                photo=photo_url(slot.participant.user),
                colour=slot.participant.user.avatar_colour,
                kind=slot.kind,
                microphone=slot.microphone_on,
                camera=slot.camera_on,
            )
            for slot in slots_of(session)
            if slot.feed is not None
        ],
    )


def current_broadcast(session: BackstageSession) -> Broadcast | None:
    """The one that decides what the indicator says: the newest that has not ended."""
    return session.broadcasts.filter(ended_at__isnull=True).order_by("-started_at").first()


def show(session: BackstageSession, now: datetime | None = None) -> Show:
    """The state of the show, with times relative to now."""
    now = now or timezone.now()
    broadcast = current_broadcast(session)
    if broadcast is None:
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


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))


def people_inside(session: BackstageSession) -> int:
    return session.participants.filter(left_at__isnull=True, away_since__isnull=True).count()


def participant_inside(session: BackstageSession, user: User) -> Participant | None:
    return session.participants.select_related("user").filter(user=user, left_at__isnull=True).first()


def place(slot_id: UUID) -> Slot | None:
    """A place on screen; None if it was given back."""
    return Slot.objects.filter(pk=slot_id).first()


@dataclass(frozen=True)
class RoomState:
    dummy_feed: int | None
    """None: Janus has no room yet."""
    feeds: list[int | None]
    """By slot; index 0 is slot 1."""


def room_state(session_id: UUID) -> RoomState:
    session = BackstageSession.objects.get(pk=session_id)
    return RoomState(session.dummy_feed, feeds(session))


def me(participant: Participant) -> Me:
    return Me(
        participant=str(participant.id),
        name=participant.user.display_name,
        photo=photo_url(participant.user),
        organizer=participant.is_organizer,
        may_return=participant.may_return,
    )


def snapshot(participant: Participant, watching: int) -> BackstageSnapshot:
    session = participant.backstage_session
    return BackstageSnapshot(
        me=me(participant),
        event=session.stage.event.name,
        stage=session.stage.name,
        tiles=tiles(session),
        show=show(session),
        people=people_inside(session),
        watching=watching,
    )


def numbered_snapshot(participant_id: UUID, watching: int) -> tuple[BackstageSnapshot, int]:
    """A snapshot and a revision that it is at least as new as: the number is read first.

    No transaction: on SQLite that would take the lock that writers need, and a house that reconnects reads a lot.
    """
    participant = Participant.objects.select_related("user", "backstage_session__stage__event").get(
        pk=participant_id
    )
    return snapshot(participant, watching), participant.backstage_session.revision


def stage_snapshot(
    session: BackstageSession, watching: int, ice_servers: list[dict[str, object]]
) -> StageSnapshot:
    return StageSnapshot(
        layout=aired(session),
        media=session.mountpoint_ready,
        watching=watching,
        ice_servers=ice_servers,
    )


def aired(session: BackstageSession) -> Layout:
    """What the Stage shows now."""
    try:
        return msgspec.convert(session.aired_layout, Layout)
    except msgspec.ValidationError:
        # Written by another release. Nothing is better than a show that nobody tends.
        return Layout()


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
    return [Place(session.id, session.stage_id) for session, _in_use in sessions_to_tend()]
