"""Reads of the Backstage: what pages, sockets and the stagehand are shown."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from backstage.messages import (
    AiredTile,
    BackstageSnapshot,
    HouseFull,
    Layout,
    Me,
    Show,
    ShowState,
    StageSnapshot,
    Tile,
)
from backstage.models import SLOTS, BackstageSession, Broadcast, Participant, Slot
from events import permissions as events_permissions
from events.models import Event, Stage, User

#: A camera, or the screen that stands in the place of one.
IN_CAMERA_PLACE = Q(kind=Slot.Kind.CAMERA) | Q(replaces_camera=True)


def by_link(link_token: str, user: User) -> BackstageSession | None:
    """The Backstage that a link opens for somebody; None for a wrong one.

    An old one opens it for whoever came in by it and is still inside: they were kept there when it was reset.
    """
    if "\0" in link_token:
        # PostgreSQL takes no such text, not even to compare it.
        return None
    came_in_by_it = Participant.objects.filter(
        backstage_session=OuterRef("pk"), user=user, left_at__isnull=True, link_token=link_token
    )
    return (
        BackstageSession.objects.select_related("stage__event__organization")
        .filter(
            Q(link_token=link_token) | Exists(came_in_by_it),
            stage__archived_at__isnull=True,
            stage__provider=Stage.Provider.HOPIN,
        )
        .first()
    )


def stage(stage_id: UUID) -> Stage | None:
    """With its event; None if either is archived."""
    return (
        Stage.objects.select_related("event__organization")
        .filter(pk=stage_id, archived_at__isnull=True, event__archived_at__isnull=True)
        .first()
    )


def shown_on(stage: Stage) -> str:
    """A word that differs whenever a page of the Stage has to be made anew."""
    return f"{stage.provider} {stage.video_address}".strip()


def get(session_id: UUID) -> BackstageSession:
    return BackstageSession.objects.select_related("stage__event").get(pk=session_id)


def is_open(session: BackstageSession) -> bool:
    """Neither its Stage nor its event has been archived, and the Stage shows no video from elsewhere."""
    stage = session.stage
    return (
        stage.archived_at is None
        and stage.provider == Stage.Provider.HOPIN
        and not events_permissions.is_archived(stage.event)
    )


def photo_url(user: User) -> str | None:
    return user.photo.url if user.photo else None


def slots_of(session: BackstageSession) -> list[Slot]:
    """The taken places, in the order of their slots."""
    return list(session.slots.select_related("participant__user").order_by("index"))


def place_of(participant: Participant, kind: Slot.Kind) -> Slot | None:
    """Where the camera of a person inside is (also while a screen is in its place), or the screen beside it."""
    inside = Slot.objects.filter(participant=participant, participant__left_at__isnull=True)
    return inside.filter(IN_CAMERA_PLACE if kind == Slot.Kind.CAMERA else ~IN_CAMERA_PLACE).first()


def camera_places(participant: Participant) -> QuerySet[Slot]:
    """None or one: where the microphone of a person is heard, not the sound of their screen."""
    return participant.slots.filter(IN_CAMERA_PLACE)


def first_free_slot(session: BackstageSession) -> int | None:
    """Its index, 1 to 5."""
    taken = set(session.slots.values_list("index", flat=True))
    return next((index for index in range(1, SLOTS + 1) if index not in taken), None)


def large_slot(slots: list[Slot]) -> Slot | None:
    """The newest screen, if there is one."""
    screens = [slot for slot in slots if slot.kind == Slot.Kind.SCREEN]
    return max(screens, key=lambda slot: (slot.shared_at or slot.taken_at, slot.index), default=None)


def tile(slot: Slot, *, large: bool) -> Tile:
    user = slot.participant.user
    return Tile(
        slot=slot.index,
        participant=str(slot.participant_id),
        name=user.display_name,
        photo=photo_url(user),
        colour=user.avatar_colour,
        kind=slot.kind,
        large=large,
        connected=slot.feed is not None,
        microphone=slot.has_sound,
        camera=slot.shows_picture,
        muted=slot.participant.muted,
        weak_link=slot.weak_link,
        heard=slot.audio_arrives or not slot.has_sound,
        seen=slot.video_arrives or not slot.shows_picture,
        replaces_camera=slot.replaces_camera,
    )


def tiles(session: BackstageSession) -> list[Tile]:
    slots = slots_of(session)
    large = large_slot(slots)
    return [tile(slot, large=slot is large) for slot in slots]


def feeds(session: BackstageSession) -> list[int | None]:
    """Feed by slot; index 0 is slot 1."""
    taken = dict(session.slots.values_list("index", "feed"))
    return [taken.get(index) for index in range(1, SLOTS + 1)]


def layout_to_air(session: BackstageSession) -> Layout:
    """The tiles as the delay line takes them in: those whose media flow."""
    slots = [slot for slot in slots_of(session) if slot.feed is not None]
    large = large_slot(slots)
    return Layout(
        live=True,
        tiles=[
            AiredTile(
                slot=slot.index,
                name=slot.participant.user.display_name,
                photo=photo_url(slot.participant.user),
                colour=slot.participant.user.avatar_colour,
                kind=slot.kind,
                large=slot is large,
                microphone=slot.has_sound,
                camera=slot.shows_picture,
            )
            for slot in slots
        ],
    )


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


def open_sessions_of(event: Event) -> QuerySet[BackstageSession]:
    """The Backstages of an event's Stages, each with the number of people `inside`, and `current`: its broadcasts that
    have not ended, the newest first.
    """
    return (
        BackstageSession.objects.filter(
            stage__event=event, stage__archived_at__isnull=True, stage__provider=Stage.Provider.HOPIN
        )
        .select_related("stage__event")
        .annotate(inside=Count("participants", filter=Q(participants__left_at__isnull=True)))
        .prefetch_related(prefetch_current())
    )


def prefetch_current() -> "Prefetch[Any]":
    """`current` of each of many sessions: its broadcasts that have not ended, the newest first."""
    not_ended = Broadcast.objects.filter(ended_at__isnull=True).order_by("-started_at")
    return Prefetch("broadcasts", not_ended, to_attr="current")


def _ms(span: timedelta) -> int:
    return max(0, round(span.total_seconds() * 1000))


def places_free(session: BackstageSession) -> int:
    """For people who are not organizers; those are not counted. Negative if the limit was lowered."""
    watchers = session.participants.filter(left_at__isnull=True, is_organizer=False).count()
    return int(settings.BACKSTAGE_PLACES) - watchers


def line_at_door(session: BackstageSession) -> QuerySet[Participant]:
    """Those who wait for a place, first come first."""
    return (
        session.participants.filter(waiting_since__isnull=False)
        .order_by("waiting_since", "id")
        .select_related("user")
    )


def would_wait(session: BackstageSession, user: User, *, organizer: bool) -> bool:
    """Whether somebody who comes now would find the house full. Only coming in itself decides."""
    if organizer or participant_inside(session, user) is not None:
        return False
    return places_free(session) <= 0 or line_at_door(session).exists()


def house_full(place: int) -> HouseFull:
    return HouseFull(places=settings.BACKSTAGE_PLACES, place=place)


def place_at_door(participant: Participant) -> int:
    """From 1; 0 if the person does not wait (any more)."""
    since = Participant.objects.values_list("waiting_since", flat=True).get(pk=participant.pk)
    if since is None:
        return 0
    before = Q(waiting_since__lt=since) | Q(waiting_since=since, id__lt=participant.pk)
    return 1 + participant.backstage_session.participants.filter(before).count()


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


def is_on_screen(user: User) -> bool:
    """In any Backstage."""
    return Slot.objects.filter(participant__user=user, participant__left_at__isnull=True).exists()


def people_inside(session: BackstageSession) -> int:
    return session.participants.filter(left_at__isnull=True, away_since__isnull=True).count()


def participant(participant_id: UUID) -> Participant:
    """With everything that decides what they may do."""
    return Participant.objects.select_related("user", "backstage_session__stage__event").get(
        pk=participant_id
    )


def session_of(participant_id: UUID) -> UUID | None:
    """None: the person, or the whole event, was deleted."""
    return (
        Participant.objects.values_list("backstage_session_id", flat=True).filter(pk=participant_id).first()
    )


def participant_inside(session: BackstageSession, user: User) -> Participant | None:
    return session.participants.select_related("user").filter(user=user, left_at__isnull=True).first()


def is_muted(participant_id: UUID) -> bool:
    """By an organizer."""
    return Participant.objects.filter(pk=participant_id, muted=True).exists()


def waits_to_come_on_screen(participant_id: UUID) -> bool:
    """Inside, with a request that waits, and not on screen."""
    return Participant.objects.filter(
        pk=participant_id, left_at__isnull=True, is_asking=True, slots__isnull=True
    ).exists()


def place(slot_id: UUID) -> Slot | None:
    """A place on screen; None if it was given back."""
    return Slot.objects.filter(pk=slot_id).first()


@dataclass(frozen=True)
class ShowNumbers:
    """Of all Stages of an event, the archived too: how many shows, and the most people at a time at any one of them."""

    broadcasts: int
    peak_on_stage: int
    peak_backstage: int


def show_numbers(event: Event) -> ShowNumbers:
    shows = Broadcast.objects.filter(backstage_session__stage__event=event).aggregate(
        number=Count("pk"), peak=Max("peak_viewers")
    )
    inside = BackstageSession.objects.filter(stage__event=event).aggregate(peak=Max("peak_people"))
    return ShowNumbers(
        broadcasts=shows["number"],
        peak_on_stage=shows["peak"] or 0,
        peak_backstage=inside["peak"] or 0,
    )


@dataclass(frozen=True)
class RoomState:
    dummy_feed: int | None
    """None: Janus has no room yet."""
    revision: int
    """Of the Backstage session; the feeds are at least as new."""
    feeds: list[int | None]
    """By slot; index 0 is slot 1."""


def room_state(session_id: UUID) -> RoomState:
    session = BackstageSession.objects.get(pk=session_id)
    return RoomState(session.dummy_feed, session.revision, feeds(session))


def me(participant: Participant) -> Me:
    return Me(
        participant=str(participant.id),
        name=participant.user.display_name,
        photo=photo_url(participant.user),
        organizer=participant.is_organizer,
        may_return=participant.may_return,
        muted=participant.muted,
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
    whose = participant(participant_id)
    return snapshot(whose, watching), whose.backstage_session.revision


def stage_snapshot(
    session: BackstageSession, user: User, watching: int, ice_servers: list[dict[str, object]]
) -> StageSnapshot:
    return StageSnapshot(
        layout=aired(session),
        media=session.mountpoint_ready,
        watching=watching,
        on_screen=is_on_screen(user),
        ice_servers=ice_servers,
        shown=shown_on(session.stage),
    )


def elsewhere_snapshot(stage: Stage, watching: int) -> StageSnapshot:
    """Of a Stage whose picture comes from another provider: there is nothing of ours to connect to."""
    return StageSnapshot(
        layout=Layout(),
        media=False,
        watching=watching,
        on_screen=False,
        ice_servers=[],
        shown=shown_on(stage),
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
    """Those that need something of Janus, and those at whose door somebody waits."""
    waits = Participant.objects.filter(backstage_session=OuterRef("pk"), waiting_since__isnull=False)
    at_doors = BackstageSession.objects.filter(Exists(waits)).values_list("id", "stage_id")
    tended = ((session.id, session.stage_id) for session, _in_use in sessions_to_tend())
    return [Place(*ids) for ids in {*tended, *at_doors}]


def persons_here(session_id: UUID) -> set[str]:
    """Inside or at the door, and not away: user ids, as presences have them."""
    here = Participant.objects.filter(backstage_session=session_id, away_since__isnull=True)
    not_gone = here.exclude(left_at__isnull=False, waiting_since__isnull=True)
    return {str(user_id) for user_id in not_gone.values_list("user_id", flat=True)}
