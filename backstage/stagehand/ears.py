"""The ears in all rooms, and who is told what they hear: the ring, at once, and the log, of what is worth keeping."""

import contextlib
from collections.abc import Set
from uuid import UUID

from backstage.media.media_log import MediaLog
from backstage.media.stories import RoomStory
from backstage.stagehand.desired import Desired
from backstage.stagehand.room_ear import RoomEar
from backstage.stagehand.talking import TalkingRing
from janus.errors import JanusError
from janus.session import JanusSession


class Ears:
    def __init__(self, ring: TalkingRing, log: MediaLog) -> None:
        self._ring = ring
        self._log = log
        self._ears: dict[UUID, RoomEar] = {}
        self._stories: dict[UUID, RoomStory] = {}

    def of(self, session_id: UUID) -> RoomEar | None:
        return self._ears.get(session_id)

    def story(self, session_id: UUID) -> RoomStory:
        """Outlives an ear: what is forwarded goes on while nobody listens."""
        return self._stories.setdefault(session_id, RoomStory(session_id))

    def look_at(self, desired: Desired) -> None:
        """From now on these are on screen there: of them the ring tells who talks."""
        ear = self._ears.get(desired.session_id)
        self._ring.look_at(desired.session_id, ear.voices if ear else None, desired.feeds)

    async def listen(self, desired: Desired, session: JanusSession) -> None:
        """In its room. Raises JanusError."""
        await self._stop_listening(desired.session_id)
        story = self.story(desired.session_id)
        ear = RoomEar(desired.room, self._ring.changed, self._log, story)
        await ear.listen(session)
        self._ears[desired.session_id] = ear

    async def leave(self, session_id: UUID) -> None:
        """The room is about to go."""
        await self._stop_listening(session_id)
        self._ring.forget(session_id)

    def distrust(self) -> None:
        """The link to Janus has changed."""
        for ear in self._ears.values():
            ear.distrust()

    async def forget_all_but(self, session_ids: Set[UUID]) -> None:
        self._ring.forget_all_but(session_ids)
        for session_id in self._stories.keys() - session_ids:
            del self._stories[session_id]
        for session_id in self._ears.keys() - session_ids:
            await self._stop_listening(session_id)

    async def _stop_listening(self, session_id: UUID) -> None:
        ear = self._ears.pop(session_id, None)
        if ear is not None:
            with contextlib.suppress(JanusError):
                await ear.end()
