"""How what was prepared goes to the database."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.transaction import TransactionManagementError

from chat.prepared import plans


class Execution:
    """One statement with its parameters."""

    rows: list[tuple[Any, ...]]
    """As the database gives them; set by `run`."""

    def __init__(self, sql: str, parameters: Sequence[Any], *, locks: bool = False) -> None:
        self.sql = sql
        self.parameters = parameters
        self.locks = locks


def run(*executions: Execution) -> None:
    """In this order, each behind what the one before it has done or waited for; in PostgreSQL in one round trip.

    Raises as Django's cursors do, and TransactionManagementError for what locks outside of a transaction. Those that
    are to fail together need one, too.
    """
    if not connection.in_atomic_block and any(each.locks for each in executions):
        raise TransactionManagementError("outside of a transaction it would lock nothing")
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for each in executions:
                cursor.execute(each.sql, each.parameters)
                each.rows = cursor.fetchall()
        elif settings.DATABASE_KEEPS_PLANS:
            _run_planned(cursor, executions)
        else:
            _run_at_once(cursor, [], [each.sql for each in executions], executions)


def _run_planned(cursor: Any, executions: Sequence[Execution]) -> None:
    line = connection.connection
    first, names = plans.take(line, [each.sql for each in executions])
    statements = [plans.execute(names[each.sql], len(each.parameters)) for each in executions]
    _run_at_once(cursor, first, statements, executions)
    plans.keep(line, names)


def _run_at_once(
    cursor: Any, first: Sequence[str], statements: Sequence[str], executions: Sequence[Execution]
) -> None:
    """As one text, which psycopg can send because Django's cursor binds at the client (no `server_side_binding`)."""
    parameters = [each for execution in executions for each in execution.parameters]
    cursor.execute("; ".join([*first, *statements]), parameters)
    for _ in first:
        cursor.nextset()
    for execution in executions:
        execution.rows = cursor.fetchall() if cursor.description else []
        cursor.nextset()
