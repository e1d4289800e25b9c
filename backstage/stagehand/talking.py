"""Who talks, calmed: a pause between two words is no silence, and nobody is told more than a few times a second."""

import asyncio
import contextlib
import time
from collections.abc import Mapping, Set
from uuid import UUID

import structlog
from channels.db import database_sync_to_async

from backstage import services
from backstage.stagehand.desired import DesiredFeed

log = structlog.get_logger(__name__)

#: Seconds that a ring stays when Janus hears silence.
PAUSE_S = 0.6
#: Seconds between two notices of one Backstage.
TELL_EVERY_S = 0.2


class Voices:
    """Of one room, by feed, as Janus says."""

    def __init__(self) -> None:
        self._until: dict[int, float] = {}

    def note(self, feed: int, talking: bool) -> None:
        self._until[feed] = float("inf") if talking else time.monotonic() + PAUSE_S

    def forget(self, feed: int) -> None:
        self._until.pop(feed, None)

    def talks(self, feed: int) -> bool:
        return self._until.get(feed, 0.0) > time.monotonic()


class TalkingRing:
    """Tells each Backstage which of its slots talk, when that changes."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()
        self._on_screen: dict[UUID, tuple[Voices, Mapping[int, DesiredFeed]]] = {}
        self._told: dict[UUID, frozenset[int]] = {}

    def changed(self) -> None:
        """May be called from anywhere in the loop."""
        self._changed.set()

    def look_at(self, session_id: UUID, voices: Voices | None, feeds: Mapping[int, DesiredFeed]) -> None:
        """From now on these are on screen there; without voices nobody is heard."""
        self._on_screen[session_id] = (voices or Voices(), feeds)
        self.changed()

    def forget(self, session_id: UUID) -> None:
        self._on_screen.pop(session_id, None)
        self._told.pop(session_id, None)

    def forget_all_but(self, session_ids: Set[UUID]) -> None:
        for session_id in self._on_screen.keys() - session_ids:
            self.forget(session_id)

    async def tell_forever(self) -> None:
        while True:
            # A ring that ends with a pause is announced by nobody.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TELL_EVERY_S if any(self._told.values()) else None):
                    await self._changed.wait()
            self._changed.clear()
            for session_id in list(self._on_screen):
                try:
                    await self._tell(session_id)
                except Exception:
                    # Redis may be away for a moment; the ring is told with the next look.
                    log.exception("talking_not_told", backstage_session=str(session_id))
            await asyncio.sleep(TELL_EVERY_S)

    async def _tell(self, session_id: UUID) -> None:
        if session_id not in self._on_screen:
            # Forgotten while another one was told.
            return
        voices, feeds = self._on_screen[session_id]
        # Of somebody who is muted Janus keeps what it heard last.
        slots = frozenset(slot for slot, feed in feeds.items() if feed.is_heard and voices.talks(feed.feed))
        if slots == self._told.get(session_id, frozenset()):
            return
        await database_sync_to_async(services.talking_changed)(session_id=session_id, slots=slots)
        if session_id in self._on_screen:
            self._told[session_id] = slots
