"""Asking to come on screen: who may, how often, and what ends it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from moderation import selectors, services
from moderation.models import AuditEntry, ShareRequest
from tests.integration.moderation.people import ask, back, is_asking, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]


def test_asking_is_for_people_inside_who_are_not_on_screen(
    session: BackstageSession, come_in: ComeIn, sam: Participant, settings: Any
) -> None:
    put(sam)
    assert refusal(lambda: ask(sam)) == "request.not_now"
    backstage.leave(participant_id=sam.pk)
    assert refusal(lambda: ask(sam)) == "request.not_now"
    settings.BACKSTAGE_PLACES = 0
    at_door = come_in()
    assert at_door.waiting_since is not None
    assert refusal(lambda: ask(at_door)) == "request.not_now"
    assert not ShareRequest.objects.exists()


def test_who_shares_only_a_screen_is_on_screen(olivia: Participant) -> None:
    backstage.take_screen(actor=olivia, sound=True, instead=False)
    assert refusal(lambda: ask(olivia)) == "request.not_now"


def test_asking_twice_is_one_request(sam: Participant) -> None:
    assert ask(sam) == ask(sam)
    assert AuditEntry.objects.filter(action="asked").count() == 1


def test_nobody_fills_the_log_by_asking_and_withdrawing(sam: Participant) -> None:
    for _turn in range(services.MOST_ASKS_A_MINUTE):
        ask(sam)
        services.withdraw(actor=sam)
    assert refusal(lambda: ask(sam)) == "request.too_often"
    assert not is_asking(sam)
    assert AuditEntry.objects.filter(action="asked").count() == services.MOST_ASKS_A_MINUTE
    sam.share_requests.update(asked_at=timezone.now() - timedelta(minutes=1))
    ask(sam)


def test_everybody_counts_the_queue_alike_when_two_asked_in_the_same_moment(
    session: BackstageSession, come_in: ComeIn
) -> None:
    people = [come_in() for _ in range(4)]
    for person in people:
        ask(person)
    ShareRequest.objects.update(asked_at=timezone.now())
    queue = selectors.queue(session)
    places = {request.participant_id: place for place, request in enumerate(queue, start=1)}
    for person in people:
        mine = selectors.mine(person)
        assert mine is not None
        assert mine.place == places[person.pk]
    assert [one.place for one in selectors.waiting(queue)] == [1, 2, 3, 4]


def test_the_open_request_is_mine_whatever_the_clock_did(sam: Participant) -> None:
    ask(sam)
    services.withdraw(actor=sam)
    ShareRequest.objects.update(asked_at=timezone.now() + timedelta(hours=1))
    ask(sam)
    mine = selectors.mine(sam)
    assert mine is not None
    assert mine.state == "waiting"


def test_places_move_up(session: BackstageSession, come_in: ComeIn, olivia: Participant) -> None:
    first, second, third = [come_in() for _ in range(3)]
    for person in (first, second, third):
        ask(person)
    services.withdraw(actor=first)
    services.dequeue(actor=olivia, request_id=second.share_requests.get().pk)
    mine = selectors.mine(third)
    assert mine is not None
    assert mine.place == 1


@pytest.mark.parametrize(
    "end",
    ["withdraw", "accept", "decline", "dequeue", "leave", "block", "reset", "back too late", "on screen"],
)
def test_whoever_no_longer_asks_is_not_asking(
    session: BackstageSession, olivia: Participant, sam: Participant, end: str
) -> None:
    request = ask(sam)
    assert is_asking(sam)
    answer = {"actor": olivia, "request_id": request.pk}

    def too_late() -> None:
        Participant.objects.filter(pk=sam.pk).update(away_since=timezone.now() - timedelta(hours=1))
        back(sam)

    def by_themselves() -> None:
        Participant.objects.filter(pk=sam.pk).update(may_return=True)
        backstage.take_place(actor=sam, microphone=True, camera=True)

    expected = {
        "withdraw": (lambda: services.withdraw(actor=sam), "withdrawn"),
        "accept": (lambda: services.accept(**answer), "accepted"),
        "decline": (lambda: services.decline(**answer), "declined"),
        "dequeue": (lambda: services.dequeue(**answer), "dequeued"),
        "leave": (lambda: backstage.leave(participant_id=sam.pk), "ended"),
        "block": (lambda: services.block(actor=olivia, participant_id=sam.pk), "ended"),
        "reset": (
            lambda: backstage.reset_link(actor=olivia.user, stage=session.stage, everybody_again=True),
            "ended",
        ),
        "back too late": (too_late, "ended"),
        "on screen": (by_themselves, "withdrawn"),
    }
    work, state = expected[end]
    work()
    request.refresh_from_db()
    assert request.state == state
    assert request.decided_at is not None
    assert not is_asking(sam)
    assert selectors.queue(session) == []


def test_a_reset_that_keeps_people_inside_keeps_their_requests(
    session: BackstageSession, olivia: Participant, sam: Participant
) -> None:
    ask(sam)
    backstage.reset_link(actor=olivia.user, stage=session.stage, everybody_again=False)
    assert is_asking(sam)
    assert len(selectors.queue(session)) == 1
