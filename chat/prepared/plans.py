"""PostgreSQL plans a statement once for each connection, and keeps that as long as the connection lives.

By PREPARE and EXECUTE, in SQL: https://www.postgresql.org/docs/15/sql-prepare.html. The protocol's own statements,
which psycopg prepares, go to the server one by one, in a pipeline, too; and psycopg drops them at each rollback.
"""

import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

Names = dict[str, str]
"""Of what is prepared, by its SQL."""

#: By connection. What there is to prepare is bounded: lists have few lengths (`reading`), 28 pairs of them at most.
_kept: WeakKeyDictionary[Any, Names] = WeakKeyDictionary()

_PLACEHOLDER = re.compile("%[s%]")


def take(line: Any, statements: Iterable[str]) -> tuple[list[str], Names]:
    """What a connection has to be told before it can execute these, and their names. `keep` them once it was.

    Without that the connection prepares everything anew: a plan may be what has failed.
    """
    first: list[str] = []
    names = _kept.pop(line, None)
    if names is None:
        names, first = {}, ["DEALLOCATE ALL"]
    for sql in statements:
        if sql not in names:
            names[sql] = _name(sql)
            first.append(f"PREPARE {names[sql]} AS {_numbered(sql)}")
    return first, names


def keep(line: Any, names: Names) -> None:
    _kept[line] = names


def execute(name: str, parameters: int) -> str:
    """With a placeholder for each parameter."""
    places = ", ".join(["%s"] * parameters)
    return f"EXECUTE {name} ({places})" if places else f"EXECUTE {name}"


@cache
def _name(sql: str) -> str:
    """The same everywhere: on a connection that others have used, as poolers have it, it finds this or nothing."""
    return f"chat_{sha256(sql.encode()).hexdigest()[:16]}"


def _numbered(sql: str) -> str:
    """With PREPARE's parameters instead of placeholders. `%%` stays: psycopg makes `%` of it, in the whole text."""
    numbers = count(1)
    return _PLACEHOLDER.sub(lambda found: f"${next(numbers)}" if found[0] == "%s" else found[0], sql)
