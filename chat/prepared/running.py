"""What was prepared goes to the database, several statements together."""

import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import connection

PLACEHOLDER = re.compile("%[s%]")


class Execution:
    """One statement with its parameters."""

    rows: list[tuple[Any, ...]]
    """As the database gives them. There are none before it was run."""

    def __init__(self, sql: str, parameters: Sequence[Any]) -> None:
        self.sql = sql
        self.parameters = parameters


def run(*executions: Execution) -> None:
    """In this order, each behind what the one before it has done or waited for; in PostgreSQL in one round trip.

    Raises as Django's cursors do. Between statements that must succeed or fail together a transaction is needed.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _run_together(cursor, executions)
            return
        for each in executions:
            cursor.execute(each.sql, each.parameters)
            each.rows = cursor.fetchall()


# --- PostgreSQL ----------------------------
#: The names of what each connection keeps the plans of. Their number is bounded by that of the statements: a list has
#: one of few lengths.
_kept: "WeakKeyDictionary[Any, set[str]]" = WeakKeyDictionary()


def _run_together(cursor: Any, executions: Sequence[Execution]) -> None:
    """One text with all statements; nothing else is sent with it, and one answer with all rows is awaited.

    PREPARE and EXECUTE rather than the protocol's own, which psycopg sends one by one: as a pipeline, too, it lets go
    of the interpreter with each. Planning takes several times as long as the rows. What is kept outlives a rollback.
    https://www.postgresql.org/docs/15/sql-prepare.html
    """
    parameters = [each for execution in executions for each in execution.parameters]
    if not settings.DATABASE_KEEPS_PLANS:
        cursor.execute("; ".join(each.sql for each in executions), parameters)
        _distribute(cursor, executions)
        return
    # Of a connection that fails everything is thought to be gone: a plan may be what failed.
    kept = _kept.pop(connection.connection, None)
    new = {_name(each.sql): each.sql for each in executions if kept is None or _name(each.sql) not in kept}
    before = [] if kept is not None else ["DEALLOCATE ALL"]
    before += [f"PREPARE {name} AS {_numbered(sql)}" for name, sql in new.items()]
    cursor.execute("; ".join([*before, *map(_execute, executions)]), parameters)
    for _ in before:
        cursor.nextset()
    _distribute(cursor, executions)
    _kept[connection.connection] = (kept or set()) | new.keys()


def _distribute(cursor: Any, executions: Sequence[Execution]) -> None:
    """Of each its own rows."""
    for execution in executions:
        execution.rows = cursor.fetchall() if cursor.description else []
        cursor.nextset()


@cache
def _name(sql: str) -> str:
    return f"chat_{sha256(sql.encode()).hexdigest()[:16]}"


def _numbered(sql: str) -> str:
    """As PREPARE has its parameters; what is escaped stays so."""
    numbers = count(1)
    return PLACEHOLDER.sub(lambda found: f"${next(numbers)}" if found[0] == "%s" else found[0], sql)


def _execute(execution: Execution) -> str:
    places = ", ".join(["%s"] * len(execution.parameters))
    return f"EXECUTE {_name(execution.sql)}" + (f" ({places})" if places else "")
