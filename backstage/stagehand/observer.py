"""Asks Janus what is there."""

import asyncio
import time
from collections.abc import Mapping, Set
from uuid import UUID

from backstage.media.secrets import mountpoint_secret, room_secret
from backstage.stagehand.desired import Desired
from backstage.stagehand.observed import Observed
from backstage.stagehand.room_ear import RoomEar
from backstage.stagehand.show_line import ShowLine
from janus import streaming, videoroom
from janus.session import JanusHandle


class Observer:
    """Remembers since when it has been seeing each feed."""

    def __init__(self) -> None:
        self._first_seen: dict[UUID, dict[int, float]] = {}

    async def look(
        self,
        desired: Desired,
        room: JanusHandle,
        stage: JanusHandle,
        line: ShowLine | None,
        ear: RoomEar | None,
    ) -> Observed:
        """Raises JanusError."""
        observed_line = line.observed() if line else None
        mountpoint = await streaming.mountpoint_info(stage, desired.room, mountpoint_secret(desired.room))
        if not await videoroom.room_exists(room, desired.room):
            self._first_seen.pop(desired.session_id, None)
            return Observed(mountpoint=mountpoint, line=observed_line)
        participants, forwarders = await asyncio.gather(
            videoroom.list_participants(room, desired.room),
            videoroom.list_forwarders(room, desired.room, room_secret(desired.room)),
        )
        return Observed(
            dummy_feed=next((person.feed_id for person in participants if person.dummy), None),
            publishers=self._ages(
                desired.session_id,
                {person.feed_id for person in participants if person.publisher and not person.dummy},
            ),
            is_listened_to=ear is not None and ear.is_listening,
            held_back=ear.held_back if ear else {},
            forwarders=forwarders,
            mountpoint=mountpoint,
            line=observed_line,
        )

    def forget_all_but(self, session_ids: Set[UUID]) -> None:
        for session_id in self._first_seen.keys() - session_ids:
            del self._first_seen[session_id]

    def _ages(self, session_id: UUID, feeds: set[int]) -> Mapping[int, float]:
        now = time.monotonic()
        before = self._first_seen.get(session_id, {})
        seen = {feed: before.get(feed, now) for feed in feeds}
        self._first_seen[session_id] = seen
        return {feed: now - since for feed, since in seen.items()}
