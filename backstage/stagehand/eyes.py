"""Looks at Janus while it is there, and tells when it is not: once, and once when it is back."""

from uuid import UUID

import structlog

from backstage.media.media_log import MediaLog
from backstage.models import MediaEvent
from backstage.stagehand.desired import Desired
from backstage.stagehand.ears import Ears
from backstage.stagehand.observed import Observed
from backstage.stagehand.observer import Observer
from backstage.stagehand.open_lines import OpenLines
from backstage.stagehand.own_handles import OwnHandles
from backstage.stagehand.sights import Sights
from janus.connection import JanusConnection
from janus.errors import JanusError

log = structlog.get_logger(__name__)


class Eyes:
    def __init__(
        self,
        janus: JanusConnection,
        handles: OwnHandles,
        lines: OpenLines,
        ears: Ears,
        sights: Sights,
        media_log: MediaLog,
    ) -> None:
        self._janus = janus
        self._handles = handles
        self._lines = lines
        self._ears = ears
        self._sights = sights
        self._log = media_log
        self._observer = Observer()
        self._unseen: set[UUID] = set()

    async def look(self, desired: Desired) -> Observed | None:
        """None if Janus is away, or does not answer: what needs it not is done all the same."""
        if not self._janus.connected:
            return None
        session_id = desired.session_id
        try:
            room, stage = await self._handles.get()
            observed = await self._observer.look(
                desired, room, stage, self._lines.get(session_id), self._ears.of(session_id)
            )
        except JanusError as error:
            if session_id not in self._unseen:
                log.warning("janus_unseen", backstage_session=str(session_id), error=repr(error))
                self._log.note_now(session_id, MediaEvent.Kind.SERVER_AWAY)
            self._unseen.add(session_id)
            return None
        self._sights.saw(session_id, desired.room, observed)
        if session_id in self._unseen:
            log.info("janus_seen_again", backstage_session=str(session_id))
            self._log.note_now(session_id, MediaEvent.Kind.SERVER_BACK)
            self._unseen.discard(session_id)
        return observed

    def forget_all_but(self, session_ids: set[UUID]) -> None:
        self._observer.forget_all_but(session_ids)
        self._sights.forget_all_but(session_ids)
        self._unseen &= session_ids
