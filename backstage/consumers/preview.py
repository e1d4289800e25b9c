"""/ws/backstage-preview/TOKEN/: what the audience sees, for the organizers inside; pictures only.

They are backstage and hear it as it happens. The sound of the Stage, seconds later, would come back through their
microphones, so this connection has no audio at all, instead of some that a page keeps silent.
"""

from channels.db import database_sync_to_async

from backstage import selectors, services
from backstage.consumers.viewing import ViewingConsumer
from backstage.media.viewer import PICTURES
from backstage.models import BackstageSession, Participant


class PreviewConsumer(ViewingConsumer):
    """Not among the viewers: it has no attendance, so nobody counts it."""

    mids = PICTURES

    async def enter(self) -> None:
        self.participant, session = await self._find_participant(
            self.scope["url_route"]["kwargs"]["link_token"]
        )
        self.session_id, self.stage_id = session.id, session.stage_id
        await self.follow_stage()

    async def recheck(self) -> None:
        await database_sync_to_async(services.check_still_directing)(participant_id=self.participant.id)

    @database_sync_to_async
    def _find_participant(self, token: str) -> tuple[Participant, BackstageSession]:
        session = services.check_entry(session=selectors.by_link(token, self.user), actor=self.user)
        participant = selectors.participant_inside(session, self.user)
        if participant is None:
            raise services.not_inside()
        services.check_still_directing(participant_id=participant.id)
        return participant, session
