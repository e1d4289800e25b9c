"""How often Janus has refused to forward a feed. Only that counts: a request that it did not answer says nothing."""

from collections.abc import Collection, Set
from uuid import UUID

#: A second apart. Nearly always the first succeeds.
FORWARD_ATTEMPTS = 3


class Refusals:
    def __init__(self) -> None:
        self._counts: dict[UUID, dict[int, int]] = {}

    def note(self, session_id: UUID, feed: int) -> bool:
        """True if these were enough; then it counts anew."""
        counts = self._counts.setdefault(session_id, {})
        counts[feed] = counts.get(feed, 0) + 1
        if counts[feed] < FORWARD_ATTEMPTS:
            return False
        del counts[feed]
        return True

    def forget(self, session_id: UUID, feed: int) -> None:
        self._counts.get(session_id, {}).pop(feed, None)

    def keep(self, session_id: UUID, feeds: Collection[int]) -> None:
        """Only these are in the room any more."""
        if counts := self._counts.get(session_id):
            self._counts[session_id] = {feed: counts[feed] for feed in counts if feed in feeds}

    def forget_all_but(self, session_ids: Set[UUID]) -> None:
        for session_id in self._counts.keys() - session_ids:
            del self._counts[session_id]
