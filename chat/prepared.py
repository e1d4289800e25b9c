"""A query of the ORM that is compiled once and asked often.

Of a query with many conditions the ORM's work on its SQL takes ten times as long as the database's answer, and has
the same outcome each time but for the parameters.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Field, Model, QuerySet, UUIDField
from django.db.models.query import RawQuerySet

M = TypeVar("M", bound=Model)

#: What stands for the first parameter while the query is compiled, and the next for the next; no row has them.
UUID_STAND_IN, NUMBER_STAND_IN = UUID("5f0c9d52-8a53-4d4e-9f5e-d1ab7b1f6c11"), 1_915_736_402_871
TIME_STAND_IN = datetime(1871, 4, 2, 19, 15, 7, 364_028, UTC)


class Prepared(Generic[M]):
    """`build` makes the query of a value for each parameter; `fields` are those that the parameters are compared with.

    A value may be a list, for `__in`: it is filled up to a power of two with its last, so there are few to compile.
    Annotations come as the database gives them: SQLite knows no booleans. Raises TypeError when it is first asked, if
    the query lacks a parameter.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **fields: "Field[Any, Any]") -> None:
        self._build = build
        self._fields = fields
        self._compiled: dict[object, tuple[type[M], str, list[Any]]] = {}

    def get(self, **values: object) -> M:
        """The first row. Raises the model's DoesNotExist."""
        rows = self._ask(values)
        for row in rows:
            return row
        raise rows.model.DoesNotExist  # type: ignore[union-attr]

    def all(self, **values: object) -> list[M]:
        """No list among the values is empty."""
        return list(self._ask(values))

    def _ask(self, values: dict[str, Any]) -> "RawQuerySet[M]":
        values = {
            name: _filled_up(value) if isinstance(value, list) else value for name, value in values.items()
        }
        flat = [(name, each) for name, value in values.items() for each in _as_list(value)]
        shape = (connection.vendor, *(name for name, _ in flat))
        if shape not in self._compiled:
            self._compiled[shape] = self._compile(values, connection)
        model, sql, parameters = self._compiled[shape]
        given = [self._fields[name].get_db_prep_value(value, connection) for name, value in flat]
        filled = [given[each.place] if isinstance(each, _Parameter) else each for each in parameters]
        return model._default_manager.raw(sql, filled)

    def _compile(
        self, values: dict[str, Any], database: BaseDatabaseWrapper
    ) -> tuple[type[M], str, list[Any]]:
        """For values that are as many as these."""
        stand_ins: dict[str, Any] = {}
        places: dict[Any, _Parameter] = {}
        for name, value in values.items():
            field = self._fields[name]
            these = [_stand_in(field, len(places) + place) for place in range(len(_as_list(value)))]
            stand_ins[name] = these if isinstance(value, list) else these[0]
            for each in these:
                places[field.get_db_prep_value(each, database)] = _Parameter(name, len(places))
        query = self._build(**stand_ins)
        sql, parameters = query.query.sql_with_params()
        if unused := places.keys() - set(parameters):
            raise TypeError(f"not in the query: {sorted({places[each].name for each in unused})}")
        return query.model, sql, [places.get(each, each) for each in parameters]


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
