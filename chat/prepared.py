"""A query of the ORM that is compiled once and asked often, by Django and by PostgreSQL.

The ORM's work on the SQL of a query takes several times as long as the database's answer, and on one with many
conditions ten times; it has the same outcome each time but for the parameters.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Field, Model, QuerySet, UUIDField
from psycopg.types.numeric import Int8

M = TypeVar("M", bound=Model)

#: What stands for the first parameter while the query is compiled, and the next for the next; no row has them.
UUID_STAND_IN, NUMBER_STAND_IN = UUID("5f0c9d52-8a53-4d4e-9f5e-d1ab7b1f6c11"), 1_915_736_402_871
TIME_STAND_IN = datetime(1871, 4, 2, 19, 15, 7, 364_028, UTC)


class Prepared(Generic[M]):
    """`build` makes the query of a value for each parameter; `fields` are those that the parameters are compared with.

    A value may be a list, for `__in`: it is filled up to a power of two with its last, so there are few to compile.
    Rows are of one model, with its annotations; other tables' rows do not come with them. Raises TypeError when it is
    first asked, if the query lacks a parameter. One that locks is asked in a transaction, as any such.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **fields: "Field[Any, Any]") -> None:
        self._build = build
        self._fields = fields
        self._compiled: dict[object, _Statement[M]] = {}

    def get(self, **values: object) -> M:
        """The first row. Raises the model's DoesNotExist."""
        statement, rows = self._ask(values)
        for row in statement.read(rows[:1]):
            return row
        raise statement.model.DoesNotExist  # type: ignore[attr-defined]

    def all(self, **values: object) -> list[M]:
        """No list among the values is empty."""
        statement, rows = self._ask(values)
        return statement.read(rows)

    def _ask(self, values: dict[str, Any]) -> "tuple[_Statement[M], list[tuple[Any, ...]]]":
        values = {
            name: _filled_up(value) if isinstance(value, list) else value for name, value in values.items()
        }
        flat = [(name, each) for name, value in values.items() for each in _as_list(value)]
        shape = (connection.vendor, *(name for name, _ in flat))
        if shape not in self._compiled:
            self._compiled[shape] = self._compile(values)
        statement = self._compiled[shape]
        given = [self._fields[name].get_db_prep_value(value, connection) for name, value in flat]
        with _cursor() as cursor:
            cursor.execute(statement.sql, _as_int8(statement.filled(given)))
            return statement, cursor.fetchall()

    def _compile(self, values: dict[str, Any]) -> "_Statement[M]":
        """For values that are as many as these."""
        stand_ins: dict[str, Any] = {}
        places: dict[Any, _Parameter] = {}
        for name, value in values.items():
            field = self._fields[name]
            these = [_stand_in(field, len(places) + place) for place in range(len(_as_list(value)))]
            stand_ins[name] = these if isinstance(value, list) else these[0]
            for each in these:
                places[field.get_db_prep_value(each, connection)] = _Parameter(name, len(places))
        compiler = self._build(**stand_ins).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if unused := places.keys() - set(parameters):
            raise TypeError(f"not in the query: {sorted({places[each].name for each in unused})}")
        return _Statement.of(compiler, sql, [places.get(each, each) for each in parameters])


@dataclass(frozen=True)
class _Statement(Generic[M]):
    """What Django's ModelIterable finds out anew for each query."""

    sql: str
    parameters: list[Any]
    """Values, and a `_Parameter` where one is to be filled in."""
    model: type[M]
    columns: slice
    """Those of the model's `attributes`."""
    attributes: list[str]
    annotations: dict[str, int]
    """Their columns."""
    converters: list[tuple[int, Callable[[Any], Any]]]
    """For columns whose values the database does not give as Python has them."""

    @classmethod
    def of(cls, compiler: Any, sql: str, parameters: list[Any]) -> "_Statement[M]":
        expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
        fields = compiler.klass_info["select_fields"]
        columns = slice(fields[0], fields[-1] + 1)
        return cls(
            sql,
            parameters,
            compiler.klass_info["model"],
            columns,
            [expression.target.attname for expression in expressions[columns]],
            compiler.annotation_col_map or {},
            [
                (column, partial(converter, expression=expression, connection=connection))
                for column, (converters, expression) in compiler.get_converters(expressions).items()
                for converter in converters
            ],
        )

    def filled(self, given: list[Any]) -> list[Any]:
        return [given[each.place] if isinstance(each, _Parameter) else each for each in self.parameters]

    def read(self, rows: Iterable[tuple[Any, ...]]) -> list[M]:
        return [self._object(list(row)) for row in rows]

    def _object(self, row: list[Any]) -> M:
        for column, converter in self.converters:
            row[column] = converter(row[column])
        found = self.model.from_db(connection.alias, self.attributes, row[self.columns])
        for name, column in self.annotations.items():
            setattr(found, name, row[column])
        return found


@contextmanager
def _cursor() -> Iterator[Any]:
    """One that binds at the server if that is PostgreSQL, which then keeps what it has planned.

    Django's own binds at the client, so each value makes another statement, and planning takes longer than the rows.
    What is kept belongs to its connection, and a rollback ends it.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            yield cursor
            return
        line = connection.connection
        cursor.cursor = psycopg.Cursor(line)
        # Only now: psycopg would count Django's own, too, and forget ours for them.
        line.prepare_threshold = settings.DATABASE_PREPARE_THRESHOLD
        try:
            yield cursor
        finally:
            line.prepare_threshold = None


def _as_int8(parameters: list[Any]) -> list[Any]:
    """psycopg sends a number as the smallest type that holds it, and each has a plan of its own."""
    if connection.vendor != "postgresql":
        return parameters
    return [Int8(each) if type(each) is int else each for each in parameters]


class _Parameter:
    def __init__(self, name: str, place: int) -> None:
        self.name = name
        self.place = place


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _filled_up(values: list[Any]) -> list[Any]:
    """The same values, in a list whose length is a power of two."""
    length = 1 << (len(values) - 1).bit_length()
    return values + values[-1:] * (length - len(values))


def _stand_in(field: "Field[Any, Any]", place: int) -> object:
    if isinstance(field, UUIDField):
        return UUID(int=UUID_STAND_IN.int + place)
    if isinstance(field, DateTimeField):
        return TIME_STAND_IN + timedelta(microseconds=place)
    return NUMBER_STAND_IN + place
