"""The rules of being on air."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backstage import selectors, services
from backstage.messages import ShowState
from backstage.models import BackstageSession, Broadcast, Participant
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


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
