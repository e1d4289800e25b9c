"""A query that is compiled once says of each row what it would say if it were compiled for it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from chat.models import Room
from chat.prepared import PreparedQuery, run
from chat.prepared.reading import NUMBER_STAND_IN, UUID_STAND_IN
from events.models import Event, Registration, User
from tests.factories import RegistrationFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def get(prepared: PreparedQuery[Any], **values: object) -> Any:
    reading = prepared.reading(**values)
    run(reading)
    return reading.get()


def found(prepared: PreparedQuery[Any], **values: object) -> list[Any]:
    reading = prepared.reading(**values)
    run(reading)
    return reading.all()


def of(room: object, user: object) -> QuerySet[Room]:
    registered = Registration.objects.filter(event=OuterRef("event_id"), user=user)
    return Room.objects.filter(pk=room).annotate(registered=Exists(registered))


def test_each_is_asked_with_their_own_parameters(event_room: Room, backstage_room: Room) -> None:
    prepared: PreparedQuery[Any] = PreparedQuery(of, room=Room._meta.pk, user=User._meta.pk)
    known, stranger = RegistrationFactory(event=event_room.event).user, UserFactory()
    for room in (event_room, backstage_room):
        for user, registered in ((known, True), (stranger, False)):
            row = get(prepared, room=room.pk, user=user.pk)
            assert row == room
            assert row.created_at == room.created_at
            assert row.registered is registered


def test_nothing_of_what_stood_in_is_asked(event_room: Room) -> None:
    prepared: PreparedQuery[Any] = PreparedQuery(of, room=Room._meta.pk, user=User._meta.pk)
    with CaptureQueriesContext(connection) as context:
        get(prepared, room=event_room.pk, user=1)
    query = context[-1]["sql"].replace("-", "")
    assert event_room.pk.hex in query
    assert UUID_STAND_IN.hex not in query
    assert str(NUMBER_STAND_IN) not in query


def test_a_row_that_is_not_there_does_not_exist() -> None:
    with pytest.raises(Room.DoesNotExist):
        get(PreparedQuery(of, room=Room._meta.pk, user=User._meta.pk), room=uuid4(), user=1)


def test_a_parameter_that_the_query_lacks_is_a_mistake() -> None:
    prepared: PreparedQuery[Room] = PreparedQuery(
        lambda room, user: Room.objects.filter(pk=room), room=Room._meta.pk, user=User._meta.pk
    )
    with pytest.raises(TypeError):
        get(prepared, room=uuid4(), user=1)


def registered_at(events: object, since: object) -> QuerySet[Registration]:
    return Registration.objects.filter(event__in=events, created_at__gte=since).order_by("pk")


def test_a_list_may_have_any_length() -> None:
    prepared: PreparedQuery[Registration] = PreparedQuery(
        registered_at, events=Event._meta.pk, since=Registration._meta.get_field("created_at")
    )
    made = [RegistrationFactory() for _ in range(6)]
    for length in range(1, 6):
        wanted = [each.event_id for each in made[:length]]
        assert found(prepared, events=wanted, since=made[0].created_at) == made[:length]
    later = made[1].created_at + timedelta(microseconds=1)
    assert found(prepared, events=[made[1].event_id], since=later) == []
    assert len(prepared._compiled) == 4, "of 1, 2, 4 and 8"  # noqa: SLF001


@pytest.mark.django_db(transaction=True)
def test_what_locks_may_be_made_before_the_transaction_but_is_run_in_one(event_room: Room) -> None:
    locking: PreparedQuery[Room] = PreparedQuery(
        lambda room: Room.objects.select_for_update().filter(pk=room), room=Room._meta.pk
    )
    reading = locking.reading(room=event_room.pk)
    with pytest.raises(TransactionManagementError):
        run(reading)
    with transaction.atomic():
        run(reading)
    assert reading.get() == event_room
