"""A ledger: rows are written once, and neither changed nor deleted. Here the ORM says so before the database does.

The triggers that hold whatever writes past the ORM are in moderation/migrations/0003_audit_log_is_final.py.
"""

from typing import Any, NoReturn

from django.db import models

REFUSAL = "The audit log is final: its entries can neither be changed nor deleted."


class AuditLogIsFinal(Exception):
    """Somebody tried to change or delete what happened."""

    def __init__(self) -> None:
        super().__init__(REFUSAL)


class AuditQuerySet(models.QuerySet[Any]):
    def delete(self) -> NoReturn:
        raise AuditLogIsFinal

    def update(self, **values: Any) -> NoReturn:
        raise AuditLogIsFinal

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditLogIsFinal


class Unchangeable:
    """For a model: its rows can be made, and nothing else."""

    _state: Any

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AuditLogIsFinal
        super().save(*args, **{**kwargs, "force_insert": True})  # type: ignore[misc]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AuditLogIsFinal
