"""Media events on their way into the database: nobody who tells one waits, and what cannot be kept is counted."""

import asyncio
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from django.db import connections
from django.utils import timezone

from backstage import services
from backstage.models import MediaEvent
from backstage.services.media_log import Heard

log = structlog.get_logger(__name__)

#: Seconds in which a batch comes together; and until a batch that the database did not take is offered again.
GATHER_S = 0.25
AGAIN_S = 1.0
BATCH = 500
#: Media events that may wait for a database that is away: some minutes of a busy show.
MOST_WAITING = 5_000
#: Backstages whose losses are counted one by one.
MOST_COUNTED = 1_000


class MediaLog:
    """One for each event loop. Its database work has a thread of its own, so nobody's turn is taken."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._most_waiting = most_waiting
        self._waiting: deque[Heard] = deque()
        self._missing: Counter[UUID] = Counter()
        self._told = asyncio.Event()
        self._is_failing = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="media-log")
        self._write = database_sync_to_async(
            services.note_media_events, thread_sensitive=False, executor=self._thread
        )

    def note(self, *heard: Heard | None) -> None:
        """May be called from anywhere in the loop, also from Janus's receive loop: it only notes."""
        for each in heard:
            if each is None:
                continue
            if len(self._waiting) < self._most_waiting:
                self._waiting.append(each)
            elif each.session_id in self._missing or len(self._missing) < MOST_COUNTED:
                self._missing[each.session_id] += 1
            self._told.set()

    def note_now(self, session_id: UUID, kind: MediaEvent.Kind) -> None:
        """Of a Backstage as a whole, and of nobody in it."""
        self.note(Heard(session_id, kind, timezone.now()))

    async def write_forever(self) -> None:
        while True:
            await self._told.wait()
            await asyncio.sleep(GATHER_S)
            self._told.clear()
            while self._waiting or self._missing:
                if not await self._write_batch():
                    await asyncio.sleep(AGAIN_S)

    async def _write_batch(self) -> bool:
        """False if the database did not take it: it is kept, and offered again."""
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        missing, self._missing = self._missing, Counter()
        try:
            await self._write(heard=batch, missing=missing)
        except Exception:
            if not self._is_failing:
                log.exception("media_events_not_written", waiting=len(batch) + len(self._waiting))
            self._is_failing = True
            self._keep(batch, missing)
            return False
        self._is_failing = False
        if missing:
            log.warning("media_events_dropped", count=missing.total())
        return True

    def _keep(self, batch: list[Heard], missing: Counter[UUID]) -> None:
        """At the head, as far as there is room; the rest counts as missing."""
        room = max(0, self._most_waiting - len(self._waiting))
        kept, over = batch[len(batch) - min(room, len(batch)) :], batch[: max(0, len(batch) - room)]
        self._waiting.extendleft(reversed(kept))
        self._missing.update(missing)
        self._missing.update(each.session_id for each in over)

    def close(self) -> None:
        """Behind a batch that is still being written."""
        self._thread.submit(connections.close_all)
        self._thread.shutdown(wait=False)


_logs: dict[asyncio.AbstractEventLoop, tuple[MediaLog, "asyncio.Task[None]"]] = {}


def media_log() -> MediaLog:
    """That of the running event loop, for a web process: made, and writing, from the first asking on."""
    loop = asyncio.get_running_loop()
    if loop not in _logs:
        made = MediaLog()
        _logs[loop] = made, loop.create_task(made.write_forever())
    return _logs[loop][0]
