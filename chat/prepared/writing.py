"""An insert and an update that are compiled once."""

from functools import cached_property
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery, UpdateQuery

from chat.prepared.running import Execution

M = TypeVar("M", bound=Model)


class PreparedInsert(Generic[M]):
    """Of objects whose key does not come from the database, one at a time. No signals are sent, as by `bulk_create`."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._fields = model._meta.concrete_fields

    def of(self, new: M) -> Execution:
        """The object counts as stored from here on; if this fails, throw it away."""
        values = [field.get_db_prep_save(field.pre_save(new, add=True), connection) for field in self._fields]
        new._state.adding = False
        new._state.db = connection.alias
        return Execution(self._sql, values)

    @cached_property
    def _sql(self) -> str:
        query = InsertQuery(self._model)
        query.insert_values(self._fields, [self._model()])
        [(sql, _parameters)] = query.get_compiler(connection=connection).as_sql()
        return str(sql)


class PreparedUpdate(Generic[M]):
    """Of the named fields of one object at a time, as they are: `pre_save` is not called.

    Nothing happens if there is no such object any more. Fields that may be None are not for it.
    """

    def __init__(self, model: type[M], *names: str) -> None:
        self._model = model
        self._fields = [cast("Field[Any, Any]", model._meta.get_field(name)) for name in names]

    def of(self, changed: M) -> Execution:
        fields = [*self._fields, self._model._meta.pk]
        values = [field.get_db_prep_save(getattr(changed, field.attname), connection) for field in fields]
        return Execution(self._sql, values)

    @cached_property
    def _sql(self) -> str:
        stands_in = self._model()
        query: Any = self._model._default_manager.filter(pk=stands_in.pk).query.chain(UpdateQuery)
        query.add_update_values({field.name: getattr(stands_in, field.attname) for field in self._fields})
        sql, parameters = query.get_compiler(connection=connection).as_sql()
        if len(parameters) != len(self._fields) + 1:
            raise TypeError(
                f"{self._model.__name__} has to have a value for each of these fields from the beginning"
            )
        return str(sql)
