"""The rules of sharing a screen: a place of its own, or the one of the camera."""

from collections.abc import Callable

import pytest

from backstage import selectors, services
from backstage.models import BackstageSession, Participant, Slot
from tests.factories import RegistrationFactory, StageFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


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
def put(come_in: Callable[..., Participant]) -> Callable[[], Participant]:
    def on_screen() -> Participant:
        participant = come_in()
        services.put_on_screen(participant=participant, microphone=True, camera=True)
        return participant

    return on_screen


def share(actor: Participant, *, sound: bool = True, instead: bool = False) -> Slot:
    return services.take_screen(actor=actor, sound=sound, instead=instead)


def shown(session: BackstageSession) -> list[tuple[int, str, bool]]:
    return [(tile.slot, tile.kind, tile.large) for tile in selectors.tiles(session)]


def test_with_four_on_screen_a_screen_has_the_fifth_place_and_is_large(
    session: BackstageSession, put: Callable[[], Participant]
) -> None:
    people = [put() for _ in range(4)]
    assert share(people[1]).index == 5
    assert shown(session)[-1] == (5, "screen", True)
    assert refusal(put) == "stage.full"


def test_with_five_on_screen_it_comes_instead_of_the_camera_or_not_at_all(
    session: BackstageSession, put: Callable[[], Participant]
) -> None:
    people = [put() for _ in range(5)]
    before = list(Slot.objects.order_by("index").values())
    assert refusal(lambda: share(people[2])) == "stage.full"
    assert list(Slot.objects.order_by("index").values()) == before
    slot = share(people[2], instead=True)
    assert (slot.index, slot.replaces_camera, slot.microphone_on) == (3, True, True)
    assert shown(session)[2] == (3, "screen", True)
    services.give_screen(actor=people[2])
    assert shown(session)[2] == (3, "camera", False)


@pytest.mark.parametrize("instead", [True, False])
def test_sharing_twice_is_sharing_once(put: Callable[[], Participant], instead: bool) -> None:
    sam = put()
    first = share(sam, instead=instead)
    revision = BackstageSession.objects.get().revision
    assert share(sam, instead=not instead) == first
    assert BackstageSession.objects.get().revision == revision, "and nobody was told"


def test_the_newest_screen_is_the_large_one(
    session: BackstageSession, put: Callable[[], Participant]
) -> None:
    sam, rosa = put(), put()
    share(sam)
    share(rosa)
    assert [large for _slot, _kind, large in shown(session)] == [False, False, False, True]
    services.give_screen(actor=rosa)
    assert [large for _slot, _kind, large in shown(session)] == [False, False, True]


def test_who_may_share(come_in: Callable[..., Participant], put: Callable[[], Participant]) -> None:
    assert refusal(lambda: share(come_in())) == "request.needed"
    sam = put()
    services.give_place(actor=sam)
    assert refusal(lambda: share(sam, instead=True)) == "publish.not_on_screen"
    assert share(sam).index == 1, "may return without asking, so with a screen, too"
    services.leave(participant_id=sam.pk)
    assert refusal(lambda: share(sam)) == "request.needed"
    olivia = come_in(organizer=True)
    assert share(olivia).index == 1
    assert refusal(lambda: share(come_in())) == "request.needed"


def test_leaving_the_screen_takes_both_places_with_it(
    session: BackstageSession, put: Callable[[], Participant]
) -> None:
    sam = put()
    share(sam)
    services.give_place(actor=sam)
    assert shown(session) == []


def test_without_a_screen_there_is_nothing_to_end(put: Callable[[], Participant]) -> None:
    sam = put()
    revision = BackstageSession.objects.get().revision
    services.give_screen(actor=sam)
    assert BackstageSession.objects.get().revision == revision


def test_the_camera_comes_back_into_its_own_place_and_not_twice(put: Callable[[], Participant]) -> None:
    sam = put()
    share(sam, instead=True)
    slot = services.take_place(actor=sam, microphone=True, camera=True)
    assert slot.replaces_camera, "it is there already, behind the screen"
    assert sam.slots.count() == 1
