"""Blocking, and what ends a block."""

from functools import partial

import pytest

from events import selectors, services
from events.models import Block, Event, Membership, Registration
from tests.at_once import at_once
from tests.factories import BlockFactory, EventFactory, MembershipFactory, RegistrationFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_blocking_keeps_the_registration_for_the_day_it_ends() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    registration = RegistrationFactory(event=event)
    made = services.block(actor=organizer, event=event, user=registration.user)
    assert made.by == organizer
    assert services.block(actor=organizer, event=event, user=registration.user) == made
    services.unblock(actor=organizer, event=event, user=registration.user)
    assert not Block.objects.exists()
    assert Registration.objects.get() == registration


def test_organizers_cannot_be_blocked_and_others_cannot_block() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    owner = MembershipFactory(organization=event.organization, role=Membership.Role.OWNER).user
    attendee = RegistrationFactory(event=event).user
    for protected in (organizer, owner):
        assert refusal(lambda user=protected: services.block(actor=organizer, event=event, user=user)) == (
            "block.organizer"
        )
    assert refusal(lambda: services.block(actor=attendee, event=event, user=attendee)) == "event.not_yours"
    assert refusal(lambda: services.unblock(actor=attendee, event=event, user=attendee)) == "event.not_yours"
    assert not Block.objects.exists()


def test_a_block_ends_when_the_person_becomes_an_organizer() -> None:
    organizer, event = UserFactory(), EventFactory()
    event.organizers.add(organizer)
    blocked = BlockFactory(event=event).user
    elsewhere = BlockFactory(user=blocked)
    services.add_organizer(actor=organizer, event=event, user=blocked)
    assert list(event.organizers.order_by("pk")) == [organizer, blocked]
    assert Block.objects.get() == elsewhere


def test_a_block_frees_the_place_and_whoever_is_unblocked_needs_one() -> None:
    organizer, event = UserFactory(), EventFactory(capacity=1)
    event.organizers.add(organizer)
    ada, grace = RegistrationFactory(event=event).user, UserFactory()
    services.block(actor=organizer, event=event, user=ada)
    assert selectors.newcomers(event) == selectors.Newcomers.MAY_REGISTER
    services.register(actor=grace, event=event)
    assert selectors.newcomers(event) == selectors.Newcomers.FULL
    for end in (services.unblock, services.add_organizer):
        assert refusal(lambda end=end: end(actor=organizer, event=event, user=ada)) == "registration.full"
    assert event.blocks.get().user == ada
    services.edit_event(actor=organizer, event=event, capacity=2)
    services.unblock(actor=organizer, event=event, user=ada)
    assert refusal(lambda: services.register(actor=UserFactory(), event=event)) == "registration.full"
    assert refusal(lambda: services.edit_event(actor=organizer, event=event, capacity=1)) == "event.capacity"


def test_who_is_not_registered_needs_no_place_to_be_unblocked() -> None:
    organizer, event = UserFactory(), EventFactory(capacity=1)
    event.organizers.add(organizer)
    RegistrationFactory(event=event)
    stranger = BlockFactory(event=event).user
    services.unblock(actor=organizer, event=event, user=stranger)
    assert not Block.objects.exists()
    assert refusal(lambda: services.register(actor=stranger, event=event)) == "registration.full"


def test_every_count_is_of_those_who_take_a_place() -> None:
    organizer, event = UserFactory(), EventFactory(capacity=9)
    event.organizers.add(organizer)
    here, blocked = RegistrationFactory.create_batch(2, event=event), RegistrationFactory(event=event)
    other = EventFactory(organizers=[organizer])
    BlockFactory(event=event, user=blocked.user)
    # Neither of these is a registration for this event that is blocked from it.
    BlockFactory(event=event)
    BlockFactory(event=other, user=here[0].user)
    for user in (blocked.user, here[0].user):
        services.note_came(user=user, event=event)
    numbers = selectors.numbers(event)
    assert (numbers.registrations, numbers.came, numbers.blocked) == (2, 1, 2)
    assert set(selectors.with_places(event)) == set(here)
    assert {each.pk: each.registered for each in selectors.events_run_by(organizer)} == {
        event.pk: 2,
        other.pk: 0,
    }


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_taken_once_by_whoever_is_unblocked_or_registers() -> None:
    organizer, event = UserFactory(), EventFactory(capacity=3)
    event.organizers.add(organizer)
    blocked = [RegistrationFactory(event=event).user for _each in range(6)]
    for user in blocked:
        BlockFactory(event=event, user=user)
    answers = at_once(
        *(partial(services.unblock, actor=organizer, event=event, user=user) for user in blocked),
        *(partial(services.register, actor=user, event=event) for user in UserFactory.create_batch(2)),
    )
    assert [answer for answer in answers if isinstance(answer, str)] == ["registration.full"] * 5
    assert selectors.with_places(Event.objects.get()).count() == 3
