"""The door of the full house: who comes in, who waits, in which order, and how many of all who come at once."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from backstage import selectors, services
from backstage.models import BackstageSession, Participant
from events.models import Stage, User
from hopin_backstage.realtime import Refused
from moderation import services as moderation
from tests.at_once import at_once
from tests.factories import RegistrationFactory, StageFactory, UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def session() -> BackstageSession:
    return services.backstage_of(StageFactory())


@pytest.fixture
def places(settings: Settings) -> Callable[[int], None]:
    def are(number: int) -> None:
        settings.BACKSTAGE_PLACES = number

    return are


def guest(session: BackstageSession, *, organizer: bool = False) -> User:
    user = UserFactory()
    RegistrationFactory(event=session.stage.event, user=user)
    if organizer:
        session.stage.event.organizers.add(user)
    return user


def enter(session: BackstageSession, user: User) -> Participant:
    return services.enter(session=session, actor=user, link_token=session.link_token)


def inside(session: BackstageSession) -> set[int]:
    return set(session.participants.filter(left_at__isnull=True).values_list("user_id", flat=True))


def line(session: BackstageSession) -> list[int]:
    return [each.user_id for each in selectors.line_at_door(session)]


def look(session: BackstageSession, *present: User, at_door: tuple[User, ...] = ()) -> None:
    services.note_presence(
        session_id=session.id,
        present={str(user.pk) for user in present},
        at_door={str(user.pk) for user in at_door},
        known=selectors.persons_here(session.id),
    )


def go_away(session: BackstageSession, user: User) -> None:
    services.mark_away(participant_id=session.participants.get(user=user).pk, last_word=timezone.now())


def been_away(participant: Participant, span: timedelta) -> None:
    Participant.objects.filter(pk=participant.pk).update(away_since=timezone.now() - span)


# --- the line --------------------------------------------------------------------------------------------------
def test_a_full_house_keeps_a_line_and_lets_in_who_came_first(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    sam, rosa, ken = guest(session), guest(session), guest(session)
    assert enter(session, sam).waiting_since is None
    for number, waiting in enumerate((rosa, ken), start=1):
        at_door = enter(session, waiting)
        assert at_door.left_at is not None
        assert selectors.place_at_door(at_door) == number
    services.leave(participant_id=session.participants.get(user=sam).pk)
    assert inside(session) == {rosa.pk}
    assert line(session) == [ken.pk]


def test_organizers_always_come_in_and_are_not_counted(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    olivia, omar = guest(session, organizer=True), guest(session, organizer=True)
    enter(session, olivia)
    assert enter(session, guest(session)).waiting_since is None
    assert enter(session, omar).waiting_since is None
    assert selectors.places_free(session) == 0


def test_nobody_passes_those_who_wait(session: BackstageSession, places: Callable[[int], None]) -> None:
    places(1)
    sam, rosa, ken = guest(session), guest(session), guest(session)
    enter(session, sam)
    enter(session, rosa)
    places(2)
    assert enter(session, ken).waiting_since is not None
    assert inside(session) == {sam.pk, rosa.pk}


def test_more_places_let_in_more_without_anybody_doing_anything(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    sam, rosa, ken, mia = (guest(session) for _ in range(4))
    for user in (sam, rosa, ken, mia):
        enter(session, user)
    places(3)
    look(session, sam, at_door=(rosa, ken, mia))
    assert inside(session) == {sam.pk, rosa.pk, ken.pk}
    assert line(session) == [mia.pk]


def test_whoever_comes_back_to_the_door_has_their_place_in_line(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    sam, rosa, ken = guest(session), guest(session), guest(session)
    enter(session, sam)
    enter(session, rosa)
    enter(session, ken)
    go_away(session, rosa)
    assert selectors.place_at_door(enter(session, rosa)) == 1
    assert line(session) == [rosa.pk, ken.pk]


def test_whoever_is_away_holds_up_nobody(session: BackstageSession, places: Callable[[int], None]) -> None:
    places(1)
    sam, rosa, ken = guest(session), guest(session), guest(session)
    for user in (sam, rosa, ken):
        enter(session, user)
    go_away(session, rosa)
    services.leave(participant_id=session.participants.get(user=sam).pk)
    assert inside(session) == {ken.pk}
    assert line(session) == [rosa.pk]


def test_a_closed_tab_leaves_the_line_after_a_moment(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    sam, rosa = guest(session), guest(session)
    enter(session, sam)
    waiting = enter(session, rosa)
    look(session, sam)
    assert line(session) == [rosa.pk], "a reload keeps the place"
    been_away(waiting, services.SEAT_KEPT + timedelta(seconds=1))
    look(session, sam)
    assert line(session) == []
    services.leave(participant_id=session.participants.get(user=sam).pk)
    assert inside(session) == set()


def test_the_line_moves_for_somebody_who_is_away_too_long(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(1)
    sam, rosa = guest(session), guest(session)
    watching = enter(session, sam)
    enter(session, rosa)
    look(session, at_door=(rosa,))
    assert inside(session) == {sam.pk}, "a lost line of a moment costs nobody their place"
    been_away(watching, services.SEAT_KEPT + timedelta(seconds=1))
    look(session, at_door=(rosa,))
    assert inside(session) == {rosa.pk}
    assert enter(session, sam).waiting_since is not None


@pytest.mark.parametrize("everybody_again", [False, True])
def test_a_reset_link_ends_the_line(
    session: BackstageSession, places: Callable[[int], None], everybody_again: bool
) -> None:
    places(1)
    sam, rosa, olivia = guest(session), guest(session), guest(session, organizer=True)
    enter(session, sam)
    enter(session, rosa)
    old = session.link_token
    services.reset_link(actor=olivia, stage=session.stage, everybody_again=everybody_again)
    assert line(session) == []
    assert inside(session) == (set() if everybody_again else {sam.pk})
    with pytest.raises(Refused) as refused:
        services.enter(session=session, actor=rosa, link_token=old)
    assert refused.value.code == "link.dead"


# --- many at once ------------------------------------------------------------------------------------------------
def test_forty_at_once_ten_come_in_and_thirty_wait_in_order(
    session: BackstageSession, places: Callable[[int], None]
) -> None:
    places(10)
    users = [guest(session) for _ in range(40)]
    at_once(*(partial(enter, session, user) for user in users))
    assert len(inside(session)) == 10
    waiting = selectors.line_at_door(session)
    assert len(waiting) == 30
    assert [each.waiting_since for each in waiting] == sorted(each.waiting_since for each in waiting)
    entered = session.participants.filter(left_at__isnull=True)
    assert max(each.entered_at for each in entered) <= waiting[0].waiting_since, "nobody passed the line"
    first = entered.first()
    assert first is not None
    services.leave(participant_id=first.pk)
    assert inside(session) == {*(each.user_id for each in entered), waiting[0].user_id} - {first.user_id}
    assert line(session) == [each.user_id for each in waiting[1:]]


def test_five_hundred_come_in_and_the_next_one_waits(session: BackstageSession) -> None:
    users = User.objects.bulk_create(
        User(email=f"crowd{number}@example.com", display_name=f"Guest {number}") for number in range(501)
    )
    for user in users:
        RegistrationFactory(event=session.stage.event, user=user)
    now = timezone.now()
    Participant.objects.bulk_create(
        Participant(backstage_session=session, user=user, link_token=session.link_token, entered_at=now)
        for user in users[:499]
    )
    assert enter(session, users[499]).waiting_since is None
    assert not session.movements.filter(kind="waits").exists(), "whoever comes in at once has not waited"
    at_door = enter(session, users[500])
    assert selectors.house_full(selectors.place_at_door(at_door)).places == 500
    assert selectors.place_at_door(at_door) == 1
    assert [each.participant for each in session.movements.filter(kind="waits")] == [at_door]
    assert enter(session, guest(session, organizer=True)).waiting_since is None
    # All browsers vanish with their web process, but for the one at the door.
    look(session, at_door=(users[500],))
    session.participants.filter(left_at__isnull=True).update(
        away_since=timezone.now() - services.SEAT_KEPT - timedelta(seconds=1)
    )
    look(session, at_door=(users[500],))
    assert inside(session) == {users[500].pk}


# --- the house closes ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "how", [{"archived_at": timezone.now()}, {"provider": "youtube"}], ids=["archived", "elsewhere"]
)
def test_a_stage_that_is_archived_or_shows_something_else_ends_its_show_and_its_visits(
    session: BackstageSession, places: Callable[[int], None], how: dict[str, object]
) -> None:
    """Nobody could come back in to press Stop Broadcasting."""
    places(0)
    olivia = enter(session, guest(session, organizer=True))
    rosa = guest(session)
    enter(session, rosa)
    services.put_on_screen(participant=olivia, microphone=True, camera=True)
    broadcast = services.start_broadcast(actor=olivia)
    Stage.objects.filter(pk=session.stage_id).update(**how)
    look(session, olivia.user, at_door=(rosa,))
    broadcast.refresh_from_db()
    assert broadcast.stopped_at is not None
    assert inside(session) == set()
    assert line(session) == []
    assert not session.slots.exists()
    session = selectors.get(session.id)
    with pytest.raises(Refused, match=r"link\.dead"):
        services.enter(session=session, actor=olivia.user, link_token=session.link_token)
    look(session)


def test_a_full_house_that_vanishes_costs_a_handful_of_queries(
    session: BackstageSession, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    """A web process died with all of them: their seats are free with the next look, not one by one."""
    crowd = [enter(session, guest(session)) for _ in range(30)]
    for participant in crowd[:10]:
        moderation.ask(actor=participant, microphone=True, camera=True)
    with django_assert_max_num_queries(12):
        look(session)
    for participant in crowd:
        been_away(participant, services.PLACE_KEPT + timedelta(seconds=1))
    with django_assert_max_num_queries(60):
        look(session)
    assert inside(session) == set()
