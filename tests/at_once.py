"""Works that begin at the same moment: whatever the timing, what comes of them has to be sound."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from hopin_backstage.realtime import Refused

#: Seconds in which all have to be ready to begin.
READY_WITHIN_S = 20


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each gave, or the code with which it was refused. Each has a thread and a database connection of its own."""
    together = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            together.wait(READY_WITHIN_S)
            return work()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))
