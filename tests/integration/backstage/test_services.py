"""The rules of being inside, on screen and on air, and that what is announced is what a snapshot says."""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.db import IntegrityError, transaction
from django.utils import timezone

from backstage import selectors, services
from backstage.messages import Layout, ShowState
from backstage.models import BackstageSession, Broadcast, Participant, Slot
from hopin_backstage.realtime import Refused, groups
from hopin_backstage.realtime.fanout import listening
from moderation import services as moderation
from tests.factories import BlockFactory, RegistrationFactory, StageFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def session() -> BackstageSession:
    return services.backstage_of(StageFactory())


@pytest.fixture
def come_in(session: BackstageSession) -> Callable[..., Participant]:
    def come(*, organizer: bool = False) -> Participant:
        user = UserFactory()
        RegistrationFactory(event=session.stage.event, user=user)
        if organizer:
            session.stage.event.organizers.add(user)
        return services.enter(session=session, actor=user, link_token=session.link_token)

    return come


@pytest.fixture
def put(come_in: Callable[..., Participant]) -> Callable[[], Slot]:
    return lambda: services.put_on_screen(participant=come_in(), microphone=True, camera=True)


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value.code


# --- coming in -------------------------------------------------------------------------------------------------
def test_who_may_come_in(session: BackstageSession) -> None:
    stranger, guest, blocked = UserFactory(), UserFactory(), UserFactory()
    for user in (guest, blocked):
        RegistrationFactory(event=session.stage.event, user=user)
    BlockFactory(event=session.stage.event, user=blocked)
    assert services.enter(session=session, actor=guest, link_token=session.link_token).user == guest
    assert (
        refusal(lambda: services.enter(session=session, actor=stranger, link_token=session.link_token))
        == "not_registered"
    )
    assert (
        refusal(lambda: services.enter(session=session, actor=blocked, link_token=session.link_token))
        == "blocked"
    )
    assert refusal(lambda: services.check_entry(session=None, actor=guest)) == "link.dead"
    assert list(session.participants.values_list("user", flat=True)) == [guest.pk]


def test_a_place_outlasts_a_short_loss_of_the_line_and_not_a_long_one(
    session: BackstageSession, put: Callable[[], Slot]
) -> None:
    slot = put()
    sam = slot.participant
    request = sam.share_requests.create(microphone=True, camera=True)

    def look(*present: Participant) -> None:
        services.note_presence(
            session_id=session.id,
            present={str(each.user_id) for each in present},
            at_door=set(),
            known=selectors.persons_here(session.id),
        )

    look()
    look()
    assert session.slots.count() == 1, "away, and the place is kept"
    look(sam)
    sam.refresh_from_db()
    assert sam.away_since is None, "back"

    Participant.objects.filter(pk=sam.pk).update(
        away_since=timezone.now() - services.PLACE_KEPT + timedelta(seconds=2)
    )
    look()
    assert session.slots.count() == 1
    Participant.objects.filter(pk=sam.pk).update(
        away_since=timezone.now() - services.PLACE_KEPT - timedelta(seconds=1)
    )
    look()
    sam.refresh_from_db()
    request.refresh_from_db()
    assert session.slots.count() == 0
    assert sam.left_at is not None
    assert request.state == "ended"


def test_the_minute_counts_from_the_last_word(session: BackstageSession, put: Callable[[], Slot]) -> None:
    """Also of somebody who was taken for away, by a machine too busy to renew their presence, while they were not."""
    sam = put().participant
    taken_for_away = timezone.now() - services.PLACE_KEPT + timedelta(seconds=2)
    Participant.objects.filter(pk=sam.pk).update(away_since=taken_for_away)
    closed = timezone.now()
    services.mark_away(participant_id=sam.pk)
    sam.refresh_from_db()
    assert sam.away_since is not None
    assert sam.away_since >= closed
    # A word of longer ago does not take it back.
    services.mark_away(participant_id=sam.pk, silent_for=timedelta(seconds=30))
    assert Participant.objects.get(pk=sam.pk).away_since == sam.away_since


# --- on screen -------------------------------------------------------------------------------------------------
def test_places_are_given_from_the_first_and_five_are_all(put: Callable[[], Slot]) -> None:
    slots = [put() for _ in range(5)]
    assert [slot.index for slot in slots] == [1, 2, 3, 4, 5]
    assert refusal(put) == "stage.full"
    services.give_place(actor=slots[1].participant)
    assert put().index == 2


@pytest.mark.parametrize("index", [0, 6])
def test_the_database_knows_no_sixth_place(come_in: Callable[..., Participant], index: int) -> None:
    sam = come_in()
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(backstage_session=sam.backstage_session, participant=sam, index=index)


def test_the_database_gives_a_place_once(
    put: Callable[[], Slot], come_in: Callable[..., Participant]
) -> None:
    taken = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(
            backstage_session=taken.backstage_session, participant=come_in(), index=taken.index
        )


def test_who_left_the_screen_may_return_and_who_was_removed_must_ask(
    session: BackstageSession, come_in: Callable[..., Participant], put: Callable[[], Slot]
) -> None:
    olivia, sam = come_in(organizer=True), put().participant
    services.give_place(actor=sam)
    services.take_place(actor=sam, microphone=True, camera=True)
    moderation.remove_from_screen(actor=olivia, participant_id=sam.id, screen=False)
    assert session.slots.count() == 0
    assert refusal(lambda: services.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"
    assert (
        refusal(lambda: moderation.remove_from_screen(actor=olivia, participant_id=sam.id, screen=False))
        == "not_on_screen"
    )


def test_an_organizer_of_another_backstage_is_nobody_here(
    come_in: Callable[..., Participant], put: Callable[[], Slot]
) -> None:
    sam = put().participant
    elsewhere = services.backstage_of(StageFactory())
    user = UserFactory()
    elsewhere.stage.event.organizers.add(user)
    stranger = services.enter(session=elsewhere, actor=user, link_token=elsewhere.link_token)
    request = moderation.ask(actor=come_in(), microphone=True, camera=True)
    assert refusal(lambda: moderation.accept(actor=stranger, request_id=request.id)) == "request.gone"
    assert (
        refusal(lambda: moderation.remove_from_screen(actor=stranger, participant_id=sam.id, screen=False))
        == "not_on_screen"
    )


# --- on air ----------------------------------------------------------------------------------------------------
def test_the_show_goes_through_its_states_by_what_was_seen_not_by_the_clock(
    session: BackstageSession, come_in: Callable[..., Participant]
) -> None:
    olivia = come_in(organizer=True)
    t0 = timezone.now()

    def show(after_s: float) -> Any:
        return selectors.show(session, t0 + timedelta(seconds=after_s))

    assert show(0).state is ShowState.OFF_AIR
    broadcast = services.start_broadcast(actor=olivia)
    assert (show(1).state, show(1).on_air_in_ms) == (ShowState.GOING_LIVE, None)
    services.capture_began(broadcast_id=broadcast.id, at=t0)
    assert (show(5).state, show(5).on_air_in_ms) == (ShowState.GOING_LIVE, 7000)
    assert show(60).state is ShowState.GOING_LIVE, "no packet has gone out yet"
    services.went_on_air(broadcast_id=broadcast.id, at=t0 + timedelta(seconds=12))
    assert (show(13).state, show(13).live_for_ms) == (ShowState.LIVE, 1000)
    assert refusal(lambda: services.start_broadcast(actor=olivia)) == "broadcast.already"
    services.stop_broadcast(actor=olivia)
    assert show(13).state is ShowState.ENDING
    assert refusal(lambda: services.stop_broadcast(actor=olivia)) == "broadcast.not_on"
    services.broadcast_ended(broadcast_id=broadcast.id, at=timezone.now())
    assert show(30).state is ShowState.OFF_AIR


def test_a_second_show_may_begin_while_the_first_still_plays(come_in: Callable[..., Participant]) -> None:
    olivia = come_in(organizer=True)
    services.start_broadcast(actor=olivia)
    services.stop_broadcast(actor=olivia)
    services.start_broadcast(actor=olivia)
    assert Broadcast.objects.filter(ended_at__isnull=True).count() == 2


def test_while_a_second_show_goes_live_it_is_said_how_long_the_first_is_still_seen(
    session: BackstageSession, come_in: Callable[..., Participant]
) -> None:
    olivia = come_in(organizer=True)
    first = services.start_broadcast(actor=olivia)
    services.went_on_air(broadcast_id=first.id, at=timezone.now())
    stopped = services.stop_broadcast(actor=olivia).stopped_at
    assert stopped is not None
    second = services.start_broadcast(actor=olivia)
    services.capture_began(broadcast_id=second.id, at=stopped + timedelta(seconds=1))
    show = selectors.show(session, stopped + timedelta(seconds=4))
    assert (show.state, show.on_air_in_ms, show.off_air_in_ms) == (ShowState.GOING_LIVE, 9000, 8000)

    services.broadcast_ended(broadcast_id=first.id, at=stopped + timedelta(seconds=12))
    assert selectors.show(session, stopped + timedelta(seconds=12)).off_air_in_ms is None
    services.cut_now(actor=olivia)
    assert selectors.show(session).state is ShowState.OFF_AIR


def test_a_speaker_cannot_broadcast(come_in: Callable[..., Participant]) -> None:
    sam = come_in()
    assert refusal(lambda: services.start_broadcast(actor=sam)) == "forbidden"
    assert refusal(lambda: services.stop_broadcast(actor=sam)) == "forbidden"


# --- what is announced -----------------------------------------------------------------------------------------
async def test_a_snapshot_and_the_notices_behind_it_are_the_next_snapshot(
    session: BackstageSession, come_in: Callable[..., Participant]
) -> None:
    olivia = await database_sync_to_async(come_in)(organizer=True)
    sam = await database_sync_to_async(come_in)()

    def everything_that_changes() -> None:
        slot = services.put_on_screen(participant=sam, microphone=True, camera=True)
        services.set_devices(actor=sam, microphone=False, camera=True)
        services.feed_started(slot_id=slot.id, feed=11, janus_session=1, janus_handle=2)
        services.start_broadcast(actor=olivia)
        services.take_place(actor=olivia, microphone=True, camera=False)
        services.feed_stopped(slot_id=slot.id, feed=11)
        services.stop_broadcast(actor=olivia)
        services.leave(participant_id=sam.id)

    async with listening(groups.backstage(session.id)) as notices:
        before, revision = await database_sync_to_async(selectors.numbered_snapshot)(olivia.id, 0)
        await database_sync_to_async(everything_that_changes)()
        after, newest = await database_sync_to_async(selectors.numbered_snapshot)(olivia.id, 0)
        state = {"tiles": before.tiles, "show": before.show}
        while revision < newest:
            async with asyncio.timeout(5):
                frame = json.loads((await anext(notices))["frame"])
            assert frame["revision"] == revision + 1, "no gap"
            revision = frame["revision"]
            state |= frame["body"]
    assert state["tiles"] == json.loads(json.dumps([tile_of(tile) for tile in after.tiles]))
    assert state["show"]["state"] == after.show.state


def tile_of(tile: Any) -> dict[str, Any]:
    return {name: getattr(tile, name) for name in tile.__struct_fields__}


async def test_nothing_is_announced_that_was_not_committed(session: BackstageSession) -> None:
    @transaction.atomic
    def announce_and_fail() -> None:
        services.layout_aired(session_id=session.id, layout=Layout(live=True))
        raise RuntimeError

    async with listening(groups.stage(session.stage_id)) as notices:
        with pytest.raises(RuntimeError):
            await database_sync_to_async(announce_and_fail)()
        await database_sync_to_async(services.layout_aired)(
            session_id=session.id, layout=Layout(live=False, tiles=[])
        )
        async with asyncio.timeout(5):
            first = json.loads((await anext(notices))["frame"])
    assert first["body"]["layout"]["live"] is False
