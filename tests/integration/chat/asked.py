"""What the database is asked: Django's own capture has no text of statements whose plan is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def asked() -> Iterator[list[tuple[str, list[Any]]]]:
    """Pairs of SQL and parameters."""
    questions: list[tuple[str, list[Any]]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        questions.append((sql, list(parameters or ())))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield questions
