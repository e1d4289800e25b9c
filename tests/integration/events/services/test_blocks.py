"""Blocking, and what ends a block."""

import pytest

from events import services
from events.models import Block, Membership, Registration
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
