"""Every rule of moderation, and who may not: asked of the services, as all doors do."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backstage import selectors as backstage_selectors
from backstage import services as backstage
from backstage.models import BackstageSession, Participant, Slot
from backstage.services.screens import SCREEN_KEPT_OFF
from events import services as events
from events.models import Block
from moderation import selectors, services
from moderation.models import AuditEntry, ShareRequest
from tests.factories import StageFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ComeIn = Callable[..., Participant]
Refusal = Callable[[Callable[[], object]], str]


def ask(actor: Participant) -> ShareRequest:
    return services.ask(actor=actor, microphone=True, camera=True)


def put(participant: Participant) -> Slot:
    return backstage.put_on_screen(participant=participant, microphone=True, camera=True)


def back(participant: Participant) -> Participant:
    session = BackstageSession.objects.get(pk=participant.backstage_session_id)
    return backstage.enter(session=session, actor=participant.user, link_token=session.link_token)


def is_asking(participant: Participant) -> bool:
    return Participant.objects.get(pk=participant.pk).is_asking


def everything() -> list[Any]:
    """All that moderation could have written."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Participant, Slot, ShareRequest, Block, AuditEntry, BackstageSession)
    ]


# --- asking ----------------------------------------------------------------------------------------------------
def test_asking_is_for_people_inside_who_are_not_on_screen(
    session: BackstageSession, come_in: ComeIn, sam: Participant, refusal: Refusal, settings: Any
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


def test_who_shares_only_a_screen_is_on_screen(olivia: Participant, refusal: Refusal) -> None:
    backstage.take_screen(actor=olivia, sound=True, instead=False)
    assert refusal(lambda: ask(olivia)) == "request.not_now"


def test_asking_twice_is_one_request(sam: Participant) -> None:
    assert ask(sam) == ask(sam)
    assert AuditEntry.objects.filter(action="asked").count() == 1


def test_nobody_fills_the_log_by_asking_and_withdrawing(sam: Participant, refusal: Refusal) -> None:
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


# --- answering -------------------------------------------------------------------------------------------------
def test_who_withdrew_cannot_be_put_on_screen(
    olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
    request = ask(sam)
    services.withdraw(actor=sam)
    for answer in (services.accept, services.decline, services.dequeue):
        assert refusal(lambda: answer(actor=olivia, request_id=request.pk)) == "request.gone"  # noqa: B023
    assert refusal(lambda: services.withdraw(actor=sam)) == "request.gone"


def test_at_five_the_request_goes_on_waiting(
    come_in: ComeIn, olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
    for _ in range(5):
        put(come_in())
    request = ask(sam)
    before = everything()
    assert refusal(lambda: services.accept(actor=olivia, request_id=request.pk)) == "stage.full"
    assert everything() == before


@pytest.mark.parametrize(
    ("word", "kept"),
    [
        ("", ""),
        ("  Later,\tplease.\r\n\x07 ", "Later, please."),
        ("é" * 300, "é" * 200),
        ("\x00\x1b[31mred", "[31mred"),
        ("👩‍👩‍👧 שלום", "👩‍👩‍👧 שלום"),
    ],
)
def test_the_word_of_a_decline_is_one_line(
    olivia: Participant, sam: Participant, word: str, kept: str
) -> None:
    request = ask(sam)
    services.decline(actor=olivia, request_id=request.pk, word=word)
    mine = selectors.mine(sam)
    assert mine is not None
    assert (mine.state, mine.word) == ("declined", kept)


def test_who_was_declined_may_ask_again(olivia: Participant, sam: Participant) -> None:
    services.decline(actor=olivia, request_id=ask(sam).pk, word="Later")
    ask(sam)
    mine = selectors.mine(sam)
    assert mine is not None
    assert (mine.state, mine.word, mine.place) == ("waiting", "", 1)


# --- removing --------------------------------------------------------------------------------------------------
def test_remove_takes_the_screen_first_and_the_person_at_the_second(
    olivia: Participant, sam: Participant, refusal: Refusal
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
    olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
    """Two organizers remove it at once, or one presses twice."""
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True)
    again = refusal(lambda: services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True))
    assert again == "not_on_screen"
    assert [slot.kind for slot in sam.slots.all()] == ["camera"]


def test_sharing_again_at_once_does_not_save_from_remove(
    olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
    put(sam)
    backstage.take_screen(actor=sam, sound=True, instead=False)
    services.remove_from_screen(actor=olivia, participant_id=sam.pk, screen=True)
    again = {"actor": sam, "sound": True, "instead": False}
    assert refusal(lambda: backstage.take_screen(**again)) == "screen.removed"
    Participant.objects.filter(pk=sam.pk).update(screen_removed_at=timezone.now() - SCREEN_KEPT_OFF)
    backstage.take_screen(**again)


def test_whoever_is_there_with_a_screen_alone_is_removed_with_it(
    olivia: Participant, sam: Participant, refusal: Refusal
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
    olivia: Participant, sam: Participant, refusal: Refusal
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


# --- muting ----------------------------------------------------------------------------------------------------
def sounds(participant: Participant) -> list[bool]:
    """Whether others are to hear it, by slot."""
    return [slot.has_sound for slot in participant.slots.select_related("participant").order_by("index")]


def test_a_mute_silences_microphone_and_screen_and_lasts(
    olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
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
def test_a_mute_outlasts(
    session: BackstageSession, olivia: Participant, sam: Participant, refusal: Refusal, way: str
) -> None:
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


# --- blocking --------------------------------------------------------------------------------------------------
def test_a_block_ends_request_or_tile_and_the_visit(
    session: BackstageSession, come_in: ComeIn, olivia: Participant, sam: Participant, refusal: Refusal
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
    session: BackstageSession, olivia: Participant, sam: Participant, refusal: Refusal
) -> None:
    put(sam)
    services.block(actor=olivia, participant_id=sam.pk)
    events.unblock(actor=olivia.user, event=session.stage.event, user=sam.user)
    sam = back(sam)
    assert refusal(lambda: backstage.take_place(actor=sam, microphone=True, camera=True)) == "request.needed"


def test_an_organizer_cannot_be_blocked(come_in: ComeIn, olivia: Participant, refusal: Refusal) -> None:
    omar = come_in(organizer=True)
    before = everything()
    assert refusal(lambda: services.block(actor=olivia, participant_id=omar.pk)) == "block.organizer"
    assert refusal(lambda: services.block(actor=olivia, participant_id=olivia.pk)) == "block.organizer"
    assert everything() == before


# --- who may not -----------------------------------------------------------------------------------------------
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
    session: BackstageSession, come_in: ComeIn, refusal: Refusal, who: Any
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


def test_an_organizer_of_another_event_finds_nobody_here(come_in: ComeIn, refusal: Refusal) -> None:
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
