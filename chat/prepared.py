"""A query of the ORM that is compiled once and asked often.

Of a query with many conditions the ORM's work on its SQL takes ten times as long as the database's answer, and has
the same outcome each time but for the parameters.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model, QuerySet, UUIDField

M = TypeVar("M", bound=Model)

#: What stands for a parameter while the query is compiled; no row has it.
UUID_STAND_IN, NUMBER_STAND_IN = UUID("5f0c9d52-8a53-4d4e-9f5e-d1ab7b1f6c11"), 1_915_736_402_871


class Prepared(Generic[M]):
    """`build` makes the query of a value for each parameter; `fields` are those that the parameters are compared with.

    At most one parameter is a UUID and one is a number. Annotations come as the database gives them: SQLite knows no
    booleans. Raises TypeError when it is first asked, if the query lacks a parameter.
    """

    def __init__(self, build: Callable[..., QuerySet[M]], **fields: "Field[Any, Any]") -> None:
        self._build = build
        self._fields = fields
        self._compiled: dict[str, tuple[type[M], str, list[Any]]] = {}

    def get(self, **values: object) -> M:
        """The first row. Raises the model's DoesNotExist."""
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile(connection)
        model, sql, parameters = self._compiled[connection.vendor]
        given = {
            name: self._fields[name].get_db_prep_value(value, connection) for name, value in values.items()
        }
        filled = [given[each.name] if isinstance(each, _Parameter) else each for each in parameters]
        for row in model._default_manager.raw(sql, filled):
            return row
        raise model.DoesNotExist  # type: ignore[attr-defined]

    def _compile(self, database: BaseDatabaseWrapper) -> tuple[type[M], str, list[Any]]:
        stand_ins = {name: _stand_in(field) for name, field in self._fields.items()}
        query = self._build(**stand_ins)
        sql, parameters = query.query.sql_with_params()
        names = {
            self._fields[name].get_db_prep_value(value, database): name for name, value in stand_ins.items()
        }
        if unused := set(names) - set(parameters):
            raise TypeError(f"not in the query: {[names[each] for each in unused]}")
        return query.model, sql, [_Parameter(names[each]) if each in names else each for each in parameters]


class _Parameter:
    def __init__(self, name: str) -> None:
        self.name = name


def _stand_in(field: "Field[Any, Any]") -> object:
    return UUID_STAND_IN if isinstance(field, UUIDField) else NUMBER_STAND_IN
