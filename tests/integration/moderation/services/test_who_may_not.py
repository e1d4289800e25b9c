"""Who is no organizer here moderates nothing: asked of the services, as all doors do."""

from collections.abc import Callable
from typing import Any

import pytest

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from moderation import selectors, services
from tests.factories import StageFactory, UserFactory
from tests.integration.moderation.people import ask, everything, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]


def attendee(session: BackstageSession, come_in: ComeIn) -> Participant:
    return come_in()


def speaker(session: BackstageSession, come_in: ComeIn) -> Participant:
    participant = come_in()
    put(participant)
    return participant


def organizer_who_left(session: BackstageSession, come_in: ComeIn) -> Participant:
    participant = come_in(organizer=True)
    backstage.leave(participant_id=participant.pk)
    return participant


def organizer_demoted(session: BackstageSession, come_in: ComeIn) -> Participant:
    participant = come_in(organizer=True)
    session.stage.event.organizers.remove(participant.user)
    return participant


def organizer_demoted_and_blocked(session: BackstageSession, come_in: ComeIn) -> Participant:
    participant = organizer_demoted(session, come_in)
    omar = come_in(organizer=True)
    services.block(actor=omar, participant_id=participant.pk)
    return participant


@pytest.mark.parametrize(
    "who", [attendee, speaker, organizer_who_left, organizer_demoted, organizer_demoted_and_blocked]
)
def test_nobody_else_moderates_and_nothing_is_written(
    session: BackstageSession, come_in: ComeIn, who: Any
) -> None:
    waiting, shown = come_in(), come_in()
    request = ask(waiting)
    put(shown)
    actor = who(session, come_in)
    before = everything()
    for work in (
        lambda: services.accept(actor=actor, request_id=request.pk),
        lambda: services.decline(actor=actor, request_id=request.pk, word="No"),
        lambda: services.dequeue(actor=actor, request_id=request.pk),
        lambda: services.remove_from_screen(actor=actor, participant_id=shown.pk, screen=False),
        lambda: services.mute(actor=actor, participant_id=shown.pk, muted=True),
        lambda: services.block(actor=actor, participant_id=shown.pk),
        lambda: backstage.start_broadcast(actor=actor),
        lambda: backstage.stop_broadcast(actor=actor),
        lambda: backstage.cut_now(actor=actor),
    ):
        assert refusal(work) == "forbidden"
    if who is not organizer_who_left:
        assert (
            refusal(lambda: backstage.reset_link(actor=actor.user, stage=session.stage, everybody_again=True))
            == "forbidden"
        )
    assert everything() == before
    assert selectors.snapshot(actor.pk)[0].requests == [], "nor are they shown the queue"


def test_an_organizer_of_another_event_finds_nobody_here(come_in: ComeIn) -> None:
    waiting, shown = come_in(), come_in()
    request = ask(waiting)
    put(shown)
    elsewhere = backstage.backstage_of(StageFactory())
    user = UserFactory()
    elsewhere.stage.event.organizers.add(user)
    stranger = backstage.enter(session=elsewhere, actor=user, link_token=elsewhere.link_token)
    before = everything()
    for work, code in (
        (lambda: services.accept(actor=stranger, request_id=request.pk), "request.gone"),
        (lambda: services.decline(actor=stranger, request_id=request.pk), "request.gone"),
        (lambda: services.dequeue(actor=stranger, request_id=request.pk), "request.gone"),
        (
            lambda: services.remove_from_screen(actor=stranger, participant_id=shown.pk, screen=False),
            "not_on_screen",
        ),
        (lambda: services.mute(actor=stranger, participant_id=shown.pk, muted=True), "person.gone"),
        (lambda: services.block(actor=stranger, participant_id=shown.pk), "person.gone"),
    ):
        assert refusal(work) == code
    assert everything() == before
