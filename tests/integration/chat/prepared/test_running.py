"""Several statements go to the database together, each with its own answer; PostgreSQL keeps their plans."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL
from pytest_django import Settings

from chat.models import Room
from chat.prepared import Execution, PreparedQuery, run
from events.models import User
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no plans to keep")
USER: PreparedQuery[User] = PreparedQuery(lambda user: User.objects.filter(pk=user), user=User._meta.pk)
RENAMED = "UPDATE events_user SET display_name = %s WHERE id = %s"


def kept() -> list[str]:
    """The text of what this connection has a plan of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements ORDER BY statement")
        return [statement for (statement,) in cursor.fetchall()]


def ask(user: User) -> User:
    reading = USER.reading(user=user.pk)
    run(reading)
    return reading.get()


def test_each_has_the_rows_of_its_own() -> None:
    one, two = UserFactory(), UserFactory()
    nobody, first, again, second = (
        USER.reading(user=pk) for pk in (max(one.pk, two.pk) + 1, one.pk, one.pk, two.pk)
    )
    for _ in range(3):
        run(nobody, first, again, second)
        assert (nobody.all(), first.all(), again.get(), second.all()) == ([], [one], one, [two])


def test_each_sees_what_those_before_it_have_done() -> None:
    one, name = UserFactory(), "100 % %s; -- 'After'"
    before, after = USER.reading(user=one.pk), USER.reading(user=one.pk)
    renaming = Execution(RENAMED, [name, one.pk])
    for _ in range(2):
        User.objects.update(display_name="Before")
        run(before, renaming, after)
        assert (before.get().display_name, after.get().display_name) == ("Before", name)
        assert renaming.rows == []


def test_what_is_no_parameter_stays_as_it_is(event_room: Room) -> None:
    def build() -> QuerySet[Room]:
        return Room.objects.annotate(whole=RawSQL("'100 %%'", []), upper=Func(Value("%s;"), function="UPPER"))

    prepared: PreparedQuery[Any] = PreparedQuery(build)
    for _ in range(2):
        reading = prepared.reading()
        run(reading)
        assert (reading.get().pk, reading.get().whole, reading.get().upper) == (event_room.pk, "100 %", "%S;")


def test_if_one_fails_all_have_failed() -> None:
    one = UserFactory(display_name="Before")
    renaming = Execution(RENAMED, ["After", one.pk])
    wrong = Execution("SELECT nothing FROM nowhere WHERE id = %s", [one.pk])
    for _ in range(2):
        with pytest.raises(DatabaseError), transaction.atomic():
            run(renaming, wrong, USER.reading(user=one.pk))
        assert ask(one).display_name == "Before"


@on_postgresql
def test_one_plan_is_kept_of_each_and_outlives_a_rollback() -> None:
    connection.close()
    people = [UserFactory(pk=pk) for pk in (1, 40_000, 5_000_000_000)]
    for each in people * 3:
        assert ask(each) == each
    ours = kept()
    assert len(ours) == 1
    with transaction.atomic():
        ask(people[0])
        transaction.set_rollback(True)
    # What Django asks in between has no part in it.
    User.objects.filter(pk=people[0].pk).update(display_name=F("email"))
    assert kept() == ours
    assert ask(people[0]).display_name == people[0].email
    assert kept() == ours


@on_postgresql
def test_plans_that_somebody_has_dropped_are_made_again() -> None:
    one = UserFactory()
    ask(one)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(DatabaseError):
        ask(one)
    assert ask(one) == one


@on_postgresql
def test_a_column_that_a_migration_makes_another_is_read_at_the_second_time() -> None:
    one = UserFactory()
    ask(one)
    column = f"ALTER TABLE {User._meta.db_table} ALTER display_name TYPE"
    with connection.cursor() as cursor:
        cursor.execute(f"{column} text")
    try:
        with pytest.raises(DatabaseError):
            ask(one)
        assert ask(one) == one
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"{column} varchar({User._meta.get_field('display_name').max_length})")


@on_postgresql
def test_a_new_connection_has_plans_of_its_own() -> None:
    one = UserFactory()
    for _ in range(2):
        assert ask(one) == one
        assert len(kept()) == 1
        connection.close()


@on_postgresql
def test_behind_a_pooler_no_plan_is_kept(settings: Settings) -> None:
    settings.DATABASE_KEEPS_PLANS = False
    one, two = UserFactory(), UserFactory()
    first, second = USER.reading(user=one.pk), USER.reading(user=two.pk)
    connection.close()
    run(first, second)
    assert (first.get(), second.get()) == (one, two)
    assert kept() == []
