"""Two organizers, two waiting people, one place: whatever the timing, one gets it and the other reads why not."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from backstage import services as backstage
from backstage.models import BackstageSession, Participant, Slot
from events.models import Event, Membership, Organization, Registration, Stage, User
from moderation import services
from moderation.models import ShareRequest
from tests.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

ROUNDS = 50
numbers = count(1)


@pytest.fixture
def session() -> BackstageSession:
    now = timezone.now()
    organization = Organization.objects.create(name="House", slug="house")
    event = Event.objects.create(
        organization=organization,
        name="Day",
        slug="day",
        starts_at=now,
        ends_at=now + timedelta(hours=1),
        status=Event.Status.PUBLISHED,
    )
    return backstage.backstage_of(Stage.objects.create(event=event, name="Main"))


def come_in(session: BackstageSession, *, organizer: bool = False) -> Participant:
    number = next(numbers)
    user = User.objects.create_user(f"p{number}@example.com", display_name=f"Person {number}")
    event = session.stage.event
    Registration.objects.create(event=event, user=user)
    if organizer:
        Membership.objects.create(organization=event.organization, user=user, role=Membership.Role.ADMIN)
    return backstage.enter(session=session, actor=user, link_token=session.link_token)


def test_one_gets_the_fifth_place_each_time(session: BackstageSession) -> None:
    organizers = [come_in(session, organizer=True) for _ in range(2)]
    for _ in range(4):
        backstage.put_on_screen(participant=come_in(session), microphone=True, camera=True)
    for _round in range(ROUNDS):
        waiting = [come_in(session) for _ in range(2)]
        requests = [services.ask(actor=one, microphone=True, camera=True) for one in waiting]
        results = at_once(
            *(
                lambda organizer=organizer, request=request: services.accept(
                    actor=organizer, request_id=request.id
                )
                for organizer, request in zip(organizers, requests, strict=True)
            )
        )
        won = [result for result in results if isinstance(result, Slot)]
        assert [slot.index for slot in won] == [5]
        assert results.count("stage.full") == 1
        assert session.slots.count() == 5
        states = sorted(ShareRequest.objects.filter(participant__in=waiting).values_list("state", flat=True))
        assert states == ["accepted", "waiting"], "the loser keeps waiting"
        for one in waiting:
            backstage.leave(participant_id=one.id)


def test_two_organizers_accept_the_same_person_once(session: BackstageSession) -> None:
    organizers = [come_in(session, organizer=True) for _ in range(2)]
    for _round in range(10):
        sam = come_in(session)
        request = services.ask(actor=sam, microphone=True, camera=True)
        results = at_once(
            *(
                lambda one=one, asked=request.id: services.accept(actor=one, request_id=asked)
                for one in organizers
            )
        )
        assert sorted(type(result).__name__ for result in results) == ["Slot", "str"], "one is refused"
        assert sam.slots.count() == 1
        backstage.leave(participant_id=sam.id)


def test_asking_twice_at_once_is_one_request(session: BackstageSession) -> None:
    sam = come_in(session)
    at_once(*[lambda: services.ask(actor=sam, microphone=True, camera=True)] * 3)
    assert sam.share_requests.count() == 1


def test_broadcast_pressed_by_two_is_one_broadcast(session: BackstageSession) -> None:
    organizers = [come_in(session, organizer=True) for _ in range(2)]
    results = at_once(*(lambda one=one: backstage.start_broadcast(actor=one) for one in organizers))
    assert sorted(type(result).__name__ for result in results) == ["Broadcast", "str"], "one is refused"
    assert session.broadcasts.count() == 1
