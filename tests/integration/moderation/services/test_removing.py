"""Off the screen: a screen first, then its person, who must ask again."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from backstage import services as backstage
from backstage.models import Participant
from backstage.services.screens import SCREEN_KEPT_OFF
from moderation import services
from tests.integration.moderation.people import ask, back, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]


def test_remove_takes_the_screen_first_and_the_person_at_the_second(
    olivia: Participant, sam: Participant
) -> None:
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
    assert [slot.kind for slot in sam.slots.all()] == ["camera"]
    sam.refresh_from_db()
    assert sam.may_return, "only their screen was removed"
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
    assert not sam.slots.exists()
    assert refusal(lambda: backstage.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"
    assert refusal(lambda: backstage.take_screen(actor=sam, sound=True, instead=False)) == "request.needed"
    assert (
        refusal(lambda: services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False))
        == "not_on_screen"
    )


def test_a_screen_that_is_gone_already_costs_nobody_their_place(
    olivia: Participant, sam: Participant
) -> None:
    """Two organizers remove it at once, or one presses twice."""
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True)
    again = refusal(lambda: services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True))
    assert again == "not_on_screen"
    assert [slot.kind for slot in sam.slots.all()] == ["camera"]


def test_sharing_again_at_once_does_not_save_from_remove(olivia: Participant, sam: Participant) -> None:
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True)
    again = {"actor": sam, "sound": True, "instead": False}
    assert refusal(lambda: backstage.take_screen(**again)) == "screen.removed"
    Participant.objects.filter(pk=sam.pk).update(screen_removed_at=timezone.now() - SCREEN_KEPT_OFF)
    backstage.take_screen(**again)


def test_whoever_is_there_with_a_screen_alone_is_removed_with_it(
    olivia: Participant, sam: Participant
) -> None:
    put(sam)
    backstage.give_place(actor=sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True)
    assert refusal(lambda: backstage.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"
    assert refusal(lambda: backstage.take_screen(actor=sam, sound=True, instead=False)) == "request.needed"


def test_remove_of_a_screen_in_the_cameras_place_brings_the_camera_back(
    olivia: Participant, sam: Participant
) -> None:
    slot = put(sam)
    backstage.claim_place(actor=sam, feed=11)
    backstage.feed_started(slot_id=slot.id, feed=11, janus_session=1, janus_handle=2)
    backstage.take_screen(actor=sam, sound=True, instead=True)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
    slot.refresh_from_db()
    assert (slot.index, slot.kind, slot.replaces_camera) == (1, "camera", False)
    assert (slot.feed, slot.claimed_by) == (None, None), "the page that sends the screen has to publish anew"
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
    assert not sam.slots.exists()


def test_who_ends_a_screen_in_the_cameras_place_goes_on_with_the_same_feed(sam: Participant) -> None:
    slot = put(sam)
    backstage.claim_place(actor=sam, feed=11)
    backstage.feed_started(slot_id=slot.id, feed=11, janus_session=1, janus_handle=2)
    backstage.take_screen(actor=sam, sound=True, instead=True)
    backstage.give_screen(actor=sam)
    slot.refresh_from_db()
    assert (slot.kind, slot.feed) == ("camera", 11)


def test_who_left_may_return_and_who_was_removed_must_ask_also_after_coming_back(
    olivia: Participant, sam: Participant
) -> None:
    put(sam)
    backstage.leave(participant_id=sam.pk)
    sam = back(sam)
    backstage.take_place(actor=sam, microphone=True, camera=True)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
    backstage.leave(participant_id=sam.pk)
    sam = back(sam)
    assert refusal(lambda: backstage.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"
    services.accept(actor=olivia, request_id=ask(sam).pk)
    assert sam.slots.count() == 1


def test_an_organizer_who_was_removed_needs_not_ask(come_in: ComeIn, olivia: Participant) -> None:
    omar = come_in(organizer=True)
    put(omar)
    services.remove_from_screen(actor=olivia, participant_id=omar.pk, screen=False)
    backstage.take_place(actor=omar, microphone=True, camera=True)
