"""A block ends the visit, and whoever comes back must ask."""

from collections.abc import Callable

import pytest

from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from events import services as events
from moderation import selectors, services
from tests.integration.moderation.people import ask, back, everything, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]


def test_a_block_ends_request_or_tile_and_the_visit(
    session: BackstageSession, come_in: ComeIn, olivia: Participant, sam: Participant
) -> None:
    ask(sam)
    rosa = come_in("Rosa")
    put(rosa)
    for person in (sam, rosa):
        services.block(actor=olivia, participant_id=person.pk)
        person.refresh_from_db()
        assert person.left_at is not None
        assert refusal(lambda: back(person)) == "blocked"  # noqa: B023
        assert refusal(lambda: ask(person)) == "request.not_now"  # noqa: B023
    assert session.slots.count() == 0
    assert selectors.queue(session) == []
    assert refusal(lambda: services.block(actor=olivia, participant_id=sam.pk)) == "person.gone"


def test_who_was_blocked_and_let_in_again_must_ask(
    session: BackstageSession, olivia: Participant, sam: Participant
) -> None:
    put(sam)
    services.block(actor=olivia, participant_id=sam.pk)
    events.unblock(actor=olivia.user, event=session.stage.event, user=sam.user)
    sam = back(sam)
    assert refusal(lambda: backstage.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"


def test_an_organizer_cannot_be_blocked(come_in: ComeIn, olivia: Participant) -> None:
    omar = come_in(organizer=True)
    before = everything()
    assert refusal(lambda: services.block(actor=olivia, participant_id=omar.pk)) == "block.organizer"
    assert refusal(lambda: services.block(actor=olivia, participant_id=olivia.pk)) == "block.organizer"
    assert everything() == before
