"""An event is taken back while its Backstage is full: everybody but its organizers is out, in one short transaction."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from backstage import services
from backstage.models import BackstageSession, Participant
from events import services as events_services
from events.models import User
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import CHANNEL_PREFIX
from hopin_backstage.realtime.told import unpack
from moderation import services as moderation
from tests.factories import RegistrationFactory, StageFactory, UserFactory

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.database,
    # For passwords that are quick to make.
    pytest.mark.usefixtures("pages_without_collectstatic"),
]


@pytest.fixture
def full_house(settings: Settings) -> Callable[[int], tuple[User, BackstageSession]]:
    """Olivia and so many guests inside: one on screen, half of them asking; and as many at the door."""

    def fill(people: int) -> tuple[User, BackstageSession]:
        session = services.backstage_of(StageFactory())
        settings.BACKSTAGE_PLACES = people
        guests = [_come_in(session) for _ in range(people)]
        for asking in guests[: people // 2]:
            moderation.ask(actor=asking, microphone=True, camera=True)
        services.put_on_screen(participant=guests[-1], microphone=True, camera=True)
        for _ in range(people):
            assert _come_in(session).waiting_since is not None
        olivia = UserFactory()
        session.stage.event.organizers.add(olivia)
        services.enter(session=session, actor=olivia, link_token=session.link_token)
        return olivia, session

    return fill


def _come_in(session: BackstageSession) -> Participant:
    user = RegistrationFactory(event=session.stage.event).user
    return services.enter(session=session, actor=user, link_token=session.link_token)


def test_everybody_but_organizers_is_out_and_the_timeline_says_how(
    full_house: Callable[[int], tuple[User, BackstageSession]],
) -> None:
    olivia, session = full_house(4)
    inside, waiting = (
        set(session.participants.filter(**which).exclude(user=olivia).values_list("pk", flat=True))
        for which in ({"left_at": None}, {"waiting_since__isnull": False})
    )
    events_services.unpublish_event(actor=olivia, event=session.stage.event)
    assert [each.user for each in session.participants.filter(left_at=None)] == [olivia]
    assert not session.participants.filter(waiting_since__isnull=False).exists()
    assert not session.participants.filter(is_asking=True).exists()
    assert not session.slots.exists()
    for kind, whose in (("left", inside), ("gave_up", waiting)):
        told = session.movements.filter(kind=kind).values_list("participant_id", flat=True)
        assert sorted(told) == sorted(whose), kind


def test_a_full_house_costs_as_many_queries_as_a_few(
    full_house: Callable[[int], tuple[User, BackstageSession]],
) -> None:
    asked = []
    for people in (4, 20):
        olivia, session = full_house(people)
        with CaptureQueriesContext(connection) as queries:
            events_services.unpublish_event(actor=olivia, event=session.stage.event)
        asked.append(len(queries))
    assert asked[0] == asked[1]


@contextmanager
def eavesdropping() -> Iterator[list[tuple[str, str]]]:
    """Group and type of all that is told to anybody, in the order of Redis; complete when it is left."""
    told: list[tuple[str, str]] = []
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub() as ear:
        ear.psubscribe(f"{CHANNEL_PREFIX}*")
        assert ear.get_message(timeout=5) is not None
        yield told
        client.publish(f"{CHANNEL_PREFIX}end", b"end\n{}")
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            message = ear.get_message(timeout=1)
            if message is None:
                continue
            group = message["channel"].decode().removeprefix(CHANNEL_PREFIX)
            if group == "end":
                return
            told.append((group, unpack(message["data"]).kind))
        pytest.fail("Redis has not told everything")


def test_every_connection_is_asked_first_and_by_a_handful_of_words(
    full_house: Callable[[int], tuple[User, BackstageSession]],
) -> None:
    """Whoever is out hears nothing of what follows: their connection asks whether it may go on before it goes on."""
    olivia, session = full_house(6)
    with eavesdropping() as told:
        events_services.unpublish_event(actor=olivia, event=session.stage.event)
    by_group: dict[str, list[str]] = defaultdict(list)
    for group, kind in told:
        by_group[group].append(kind)
    for group in (groups.backstage, groups.door, groups.media, groups.askers):
        assert by_group[group(session.id)][0] == "access.changed"
    last_asked = max(place for place, (_group, kind) in enumerate(told) if kind == "access.changed")
    rest = [kind for _group, kind in told[last_asked + 1 :]]
    assert {"tiles.changed", "requests.changed"} <= set(rest)
    # By name only those are told whose request has ended.
    named = [group for group, _kind in told if group.startswith(("user.", "participant.", "asker."))]
    assert len(named) == 3
