"""Five places, and who may have one."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from backstage import services
from backstage.models import BackstageSession, Participant, Slot
from moderation import services as moderation
from tests.factories import StageFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


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
