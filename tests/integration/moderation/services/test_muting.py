"""A mute silences, and lasts until it is lifted."""

import pytest

from backstage import selectors as backstage_selectors
from backstage import services as backstage
from backstage.models import BackstageSession, Participant
from moderation import selectors, services
from moderation.models import AuditEntry
from tests.integration.moderation.people import ask, back, put
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def sounds(participant: Participant) -> list[bool]:
    """Whether others are to hear it, by slot."""
    return [slot.has_sound for slot in participant.slots.select_related("participant").order_by("index")]


def test_a_mute_silences_microphone_and_screen_and_lasts(olivia: Participant, sam: Participant) -> None:
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    assert sounds(sam) == [True, True]
    services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    assert sounds(sam) == [False, False]
    on = {"actor": sam, "microphone": True, "camera": True}
    assert refusal(lambda: backstage.set_devices(**on)) == "muted"
    backstage.set_devices(actor=sam, microphone=False, camera=False)
    # A new screen is silent, too.
    backstage.give_screen(actor=sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    assert sounds(sam) == [False, False]


def test_lifting_a_mute_lets_the_sound_of_a_screen_through_again(
    olivia: Participant, sam: Participant
) -> None:
    put(sam)
    services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    assert sounds(sam) == [False, False]
    services.mute(actor=olivia, participant_id=sam.pk, muted=False)
    assert sounds(sam) == [False, True], "the microphone waits for its person"
    tiles = backstage_selectors.tiles(sam.backstage_session)
    assert [(tile.microphone, tile.muted) for tile in tiles] == [(False, False), (True, False)]


@pytest.mark.parametrize("way", ["left", "gave the place back", "was removed", "withdrew", "reset"])
def test_a_mute_outlasts(session: BackstageSession, olivia: Participant, sam: Participant, way: str) -> None:
    if way == "withdrew":
        ask(sam)
    else:
        put(sam)
    services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    match way:
        case "left":
            backstage.leave(participant_id=sam.pk)
        case "gave the place back":
            backstage.give_place(actor=sam)
        case "was removed":
            services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=False)
        case "withdrew":
            services.withdraw(actor=sam)
        case "reset":
            backstage.reset_link(actor=olivia.user, stage=session.stage, everybody_again=True)
    sam, olivia = back(sam), back(olivia)
    request = ask(sam)
    assert [one.muted for one in selectors.waiting(selectors.queue(session))] == [True]
    slot = services.accept(actor=olivia, request_id=request.pk)
    assert slot.microphone_on is False
    assert refusal(lambda: backstage.set_devices(actor=sam, microphone=True, camera=True)) == "muted"


def test_lifting_a_mute_unmutes_nobody_by_itself(olivia: Participant, sam: Participant) -> None:
    put(sam)
    services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    services.mute(actor=olivia, participant_id=sam.pk, muted=False)
    assert sounds(sam) == [False]
    backstage.set_devices(actor=sam, microphone=True, camera=True)
    assert sounds(sam) == [True]


def test_muting_twice_is_muting_once(olivia: Participant, sam: Participant) -> None:
    for _ in range(2):
        services.mute(actor=olivia, participant_id=sam.pk, muted=True)
    assert AuditEntry.objects.filter(action="muted").count() == 1
