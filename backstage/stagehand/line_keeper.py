"""Ends at once what is to end in our own lines: waits for no Janus, and for nobody else's turn at the database.

The plan would do the same, but only when it comes to it: a request to Janus before it may take five seconds.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from django.db import connections

from backstage.stagehand.desired import DesiredLine, read_for_lines
from backstage.stagehand.observed import ObservedLine
from backstage.stagehand.plan import plan_line
from backstage.stagehand.show_line import ShowLine
from backstage.stagehand.steps import CutLine

log = structlog.get_logger(__name__)

#: While a line is open; a notice wakes us sooner.
LOOK_EVERY_S = 0.25


class LineKeeper:
    """`lines`: those that are open, by Backstage; somebody else opens and closes them."""

    def __init__(self, lines: Mapping[UUID, ShowLine]) -> None:
        self._lines = lines
        self._told = asyncio.Event()
        self._is_blind = False
        # All other threads of the database may be waiting for a lock.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="line-keeper")
        self._read = database_sync_to_async(read_for_lines, thread_sensitive=False, executor=self._thread)

    def look(self) -> None:
        """Something has changed. May be called from anywhere in the loop."""
        self._told.set()

    async def keep_forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._told.wait()
            self._told.clear()
            await self._keep_all()

    async def _keep_all(self) -> None:
        # Before the reading: what is in a line then is in the database, unless it has ended there.
        seen = {session_id: (line, line.observed()) for session_id, line in self._lines.items()}
        if not seen:
            return
        try:
            wanted = await self._read(list(seen))
        except Exception:
            if not self._is_blind:
                log.exception("line_keeper_blind")
            self._is_blind = True
            return
        self._is_blind = False
        for session_id, (line, observed) in seen.items():
            if self._lines.get(session_id) is line:
                self._keep(session_id, line, observed, wanted[session_id])

    def _keep(self, session_id: UUID, line: ShowLine, observed: ObservedLine, wanted: DesiredLine) -> None:
        steps = plan_line(wanted, observed)
        if line.observed() != observed:
            # A plan went on while we read, perhaps knowing more. What it left is found with the next look.
            self._told.set()
            steps = [step for step in steps if isinstance(step, CutLine)]
        try:
            for step in steps:
                log.info("step", backstage_session=str(session_id), step=repr(step), by="line keeper")
                line.take(step)
        except Exception:
            # The other lines are to be kept all the same, and this one with the next look.
            log.exception("line_not_kept", backstage_session=str(session_id))
        finally:
            line.overtaken += bool(steps)

    def close(self) -> None:
        """Behind a reading that still goes on."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown(wait=False)
