"""The connection to the database of the thread that stores messages: looked after once a second, not for each batch.

Channels has Django look before and after each call, and the next statement ask the database whether it is still there:
of five round trips one.
"""

import math
import threading
from time import monotonic
from typing import NewType, cast

from django.db import close_old_connections, connection

LOOK_EVERY_S = 1.0

Kept = NewType("Kept", object)
"""The driver's connection."""


class _Looked(threading.local):
    at_s = -math.inf


_looked = _Looked()


def look_after() -> Kept | None:
    """Before work. Returns what is kept, which may have been lost since somebody looked."""
    now = monotonic()
    if now - _looked.at_s >= LOOK_EVERY_S:
        _looked.at_s = now
        close_old_connections()
    return cast("Kept | None", connection.connection)


def is_lost(kept: Kept | None) -> bool:
    """After work that failed with it: asks the database. The next statement opens another."""
    if kept is None:
        return False
    if connection.connection is kept and not connection.is_usable():
        connection.close()
    # Django may have opened another meanwhile.
    return connection.connection is not kept


def look_soon() -> None:
    """After an error, whatever it was: before the next work."""
    _looked.at_s = -math.inf


def let_go() -> None:
    """After work. Closes at once where CONN_MAX_AGE is 0."""
    if connection.settings_dict["CONN_MAX_AGE"] == 0:
        close_old_connections()
