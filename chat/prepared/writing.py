"""An insert and an update that are compiled once."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery, UpdateQuery

from chat.prepared.running import Execution

M = TypeVar("M", bound=Model)


class PreparedInsert(Generic[M]):
    """Of objects of one model. No signals are sent, as by `bulk_create`."""

    def __init__(self, model: type[M]) -> None:
        self._model = model
        self._compiled: dict[str, str] = {}

    def of(self, new: M) -> Execution:
        """The object counts as stored from here on; of one whose transaction fails nothing else can be made."""
        fields = self._model._meta.concrete_fields
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile(fields, new)
        values = [field.get_db_prep_save(field.pre_save(new, add=True), connection) for field in fields]
        new._state.adding = False
        new._state.db = connection.alias
        return Execution(self._compiled[connection.vendor], values)

    def _compile(self, fields: "Sequence[Field[Any, Any]]", new: M) -> str:
        query = InsertQuery(self._model)
        query.insert_values(fields, [new])
        [(sql, _parameters)] = query.get_compiler(connection=connection).as_sql()
        return sql


class PreparedUpdate(Generic[M]):
    """Of the named fields, of one object at a time. Nobody is told if there is none."""

    def __init__(self, model: type[M], *names: str) -> None:
        self._model = model
        self._fields = [field for field in model._meta.concrete_fields if field.name in names]
        self._compiled: dict[str, str] = {}

    def of(self, changed: M) -> Execution:
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile(changed)
        fields = [*self._fields, self._model._meta.pk]
        values = [field.get_db_prep_save(getattr(changed, field.attname), connection) for field in fields]
        return Execution(self._compiled[connection.vendor], values)

    def _compile(self, changed: M) -> str:
        query: Any = self._model._default_manager.filter(pk=changed.pk).query.chain(UpdateQuery)
        query.add_update_values({field.name: getattr(changed, field.attname) for field in self._fields})
        sql, _parameters = query.get_compiler(connection=connection).as_sql()
        return sql
