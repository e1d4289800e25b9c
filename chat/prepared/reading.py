"""A query of the ORM that is compiled once, and what its rows become."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import DateTimeField, Field, Model, QuerySet, UUIDField

from chat.prepared.running import Execution

M = TypeVar("M", bound=Model)

#: What stands for the first parameter while the query is compiled, and the next for the next; no row has them.
UUID_STAND_IN, NUMBER_STAND_IN = UUID("5f0c9d52-8a53-4d4e-9f5e-d1ab7b1f6c11"), 1_915_736_402_871
TIME_STAND_IN = datetime(1871, 4, 2, 19, 15, 7, 364_028, UTC)


class PreparedQuery(Generic[M]):
    """`build` makes the query of a value for each parameter; `fields` are those that the parameters are compared with.

    A value may be a list, for `__in`: it is filled up to a power of two with its last, so there are few to compile.
    Rows are of one model, with its annotations; other tables' rows do not come with them. A bare `Value` among those
    needs a `Cast`: a statement that is planned beforehand gives it as text.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **fields: "Field[Any, Any]") -> None:
        self._build = build
        self._fields = fields
        self._compiled: dict[object, _Statement[M]] = {}

    def reading(self, **given: Any) -> "Reading[M]":
        """To be run. No list among the values is empty. Raises TypeError if the query lacks a parameter."""
        values = {
            name: _filled_up(value) if isinstance(value, list) else value for name, value in given.items()
        }
        flat = [(name, each) for name, value in values.items() for each in _as_list(value)]
        shape = tuple(name for name, _ in flat)
        if shape not in self._compiled:
            self._compiled[shape] = self._compile(values)
        return Reading(
            self._compiled[shape],
            [self._fields[name].get_db_prep_value(value, connection) for name, value in flat],
        )

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
        query = self._build(**stand_ins).query
        compiler = query.get_compiler(connection=connection)
        # Django refuses to compile what locks outside of a transaction. Nothing is sent in this one.
        with transaction.atomic(savepoint=False) if query.select_for_update else nullcontext():
            sql, parameters = compiler.as_sql()
        if unused := places.keys() - set(parameters):
            raise TypeError(f"not in the query: {sorted({places[each].name for each in unused})}")
        return _Statement.of(compiler, sql, [places.get(each, each) for each in parameters])


@dataclass(frozen=True)
class _Statement(Generic[M]):
    """What Django's ModelIterable finds out anew for each query."""

    sql: str
    locks: bool
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
            compiler.query.select_for_update,
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

    def made_of(self, row: list[Any]) -> M:
        for column, converter in self.converters:
            row[column] = converter(row[column])
        found = self.model.from_db(connection.alias, self.attributes, row[self.columns])
        for name, column in self.annotations.items():
            setattr(found, name, row[column])
        return found


class Reading(Execution, Generic[M]):
    """A query with its parameters, and what it has found once it was run."""

    def __init__(self, statement: _Statement[M], given: list[Any]) -> None:
        super().__init__(statement.sql, statement.filled(given), locks=statement.locks)
        self._statement = statement

    def get(self) -> M:
        """Of the first row, a new object each time. Raises the model's DoesNotExist."""
        if not self.rows:
            raise self._statement.model.DoesNotExist  # type: ignore[attr-defined]
        return self._statement.made_of(list(self.rows[0]))

    def all(self) -> list[M]:
        """New objects each time."""
        return [self._statement.made_of(list(row)) for row in self.rows]


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
