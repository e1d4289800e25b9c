"""/ws/backstage-preview/TOKEN/: what the audience sees, for the organizers inside; pictures only.

They are backstage and hear it as it happens. The sound of the Stage, seconds later, would come back through their
microphones, so this connection has no audio at all, instead of some that a page keeps silent.
"""

from channels.db import database_sync_to_async

from backstage import services
from backstage.consumers.viewing import ViewingConsumer
from backstage.media.viewer import PICTURES
from backstage.models import Participant


class PreviewConsumer(ViewingConsumer):
    """Not among the viewers: it has no attendance, so nobody counts it."""

    mids = PICTURES

    async def enter(self) -> None:
        self.participant = await self._find_participant(self.scope["url_route"]["kwargs"]["link_token"])
        session = self.participant.backstage_session
        self.session_id, self.stage_id = session.id, session.stage_id
        await self.follow_stage()

    async def recheck(self) -> None:
        await database_sync_to_async(services.check_still_directing)(participant_id=self.participant.id)

    @database_sync_to_async
    def _find_participant(self, token: str) -> Participant:
        participant = services.check_inside(link_token=token, actor=self.user)
        services.check_still_directing(participant_id=participant.id)
        return participant
