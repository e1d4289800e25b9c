"""Clears away rooms and mountpoints of Backstages that were deleted: no row says any more that they should not be."""

from collections.abc import Awaitable, Collection

import structlog

from backstage.media import preflight
from backstage.media.secrets import mountpoint_secret, room_secret
from backstage.stagehand.desired import Desired
from backstage.stagehand.own_handles import OwnHandles
from backstage.stagehand.sights import Sights
from janus import streaming, videoroom
from janus.connection import JanusConnection
from janus.errors import JanusError, JanusRefused, RefusalCode

log = structlog.get_logger(__name__)


class LeftBehind:
    """By number: a room and its mountpoint have the same. Only what was seen here is known: see `sights`."""

    def __init__(self, janus: JanusConnection, handles: OwnHandles, sights: Sights) -> None:
        self._janus = janus
        self._handles = handles
        self._sights = sights
        self._numbers: set[int] = set()

    def note(self, everything: Collection[Desired]) -> None:
        """Before the others' sights are forgotten. `everything`: all that should be."""
        self._numbers |= self._sights.rooms_of_others({desired.session_id for desired in everything})
        self._numbers -= {desired.room for desired in everything}

    async def clear_away(self) -> None:
        for number in list(self._numbers):
            if not self._janus.connected:
                return
            try:
                await self._take_down(number)
            except JanusError as error:
                log.warning("room_left_behind", room=number, error=repr(error))
                if not isinstance(error, JanusRefused):
                    # It did not answer: again with the next look.
                    continue
            self._numbers.discard(number)

    async def _take_down(self, number: int) -> None:
        room, stage = await self._handles.get()
        await preflight.destroy_room(room, number)
        await _unless_gone(videoroom.destroy_room(room, number, room_secret(number)))
        await _unless_gone(streaming.destroy_mountpoint(stage, number, mountpoint_secret(number)))


async def _unless_gone(destroying: Awaitable[None]) -> None:
    try:
        await destroying
    except JanusRefused as refusal:
        if refusal.code not in (RefusalCode.NO_SUCH_ROOM, RefusalCode.NO_SUCH_MOUNTPOINT):
            raise
