"""Registering, and giving the place back."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events import services
from events.models import Event, Registration
from tests.at_once import at_once
from tests.factories import BlockFactory, EventFactory, RegistrationFactory, UserFactory
from tests.refusals import refusal

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_registering_twice_is_registering_once() -> None:
    event, user = EventFactory(), UserFactory()
    assert services.register(actor=user, event=event) == services.register(actor=user, event=event)
    assert Registration.objects.get().user == user


@pytest.mark.parametrize(
    ("circumstances", "code"),
    [
        ({"registration_open": False}, "registration.closed"),
        ({"capacity": 0}, "registration.full"),
        (
            {"starts_at": timezone.now() - timedelta(days=2), "ends_at": timezone.now() - timedelta(days=1)},
            "event.over",
        ),
        ({"status": Event.Status.DRAFT}, "event.unknown"),
    ],
)
def test_registering_is_refused(circumstances: dict[str, object], code: str) -> None:
    event, user = EventFactory(**circumstances), UserFactory()
    assert refusal(lambda: services.register(actor=user, event=event)) == code
    assert not Registration.objects.exists()


def test_a_blocked_person_is_refused_and_reads_why() -> None:
    event, user = EventFactory(), UserFactory()
    BlockFactory(event=event, user=user)
    assert refusal(lambda: services.register(actor=user, event=event)) == "registration.blocked"
    assert not Registration.objects.exists()


def test_who_is_registered_stays_so_when_registration_closes() -> None:
    event, user = EventFactory(registration_open=False, capacity=0), UserFactory()
    registration = RegistrationFactory(event=event, user=user)
    assert services.register(actor=user, event=event) == registration


def test_a_place_that_is_given_back_can_be_taken() -> None:
    event, leaver, waiting = EventFactory(capacity=1), UserFactory(), UserFactory()
    services.register(actor=leaver, event=event)
    assert refusal(lambda: services.register(actor=waiting, event=event)) == "registration.full"
    services.unregister(actor=leaver, event=event)
    services.register(actor=waiting, event=event)
    assert Registration.objects.get().user == waiting


def test_unregistering_touches_nobody_else() -> None:
    event = EventFactory()
    other = RegistrationFactory(event=event)
    services.unregister(actor=UserFactory(), event=event)
    assert Registration.objects.get() == other


@pytest.mark.django_db(transaction=True)
def test_the_last_places_are_given_once_however_many_ask() -> None:
    event = EventFactory(capacity=3)
    answers = at_once(
        *(partial(services.register, actor=user, event=event) for user in UserFactory.create_batch(8))
    )
    assert answers.count("registration.full") == 5
    assert event.registrations.count() == 3


def test_the_database_itself_refuses_a_second_registration() -> None:
    registration = RegistrationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistrationFactory(event=registration.event, user=registration.user)
