"""What the audience and the organizers' small picture have in common: what is aired, and a PeerConnection for it."""

from collections.abc import Sequence
from typing import ClassVar
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings

from backstage import messages, selectors
from backstage.consumers.media_base import MediaConsumer
from backstage.consumers.refusals import beginning, failures_as_refusals, media_not_ready
from backstage.media import candidates
from backstage.media.secrets import mountpoint_pin
from backstage.media.viewer import ALL, Viewer
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import command
from hopin_backstage.realtime.presence import presence
from janus.events import Detached, HandleEvent, Hangup, Trickled


class ViewingConsumer(MediaConsumer):
    """Subclasses say who may see what is aired, and set `session_id` and `stage_id` on entering."""

    #: Of the mountpoint's media; the page is offered no others.
    mids: ClassVar[Sequence[str]] = ALL
    session_id: UUID
    stage_id: UUID
    viewer: Viewer | None = None

    async def follow_stage(self) -> None:
        """From here on the page hears what is aired."""
        await self.join(groups.stage(self.stage_id))
        await self.send_snapshot()

    async def send_snapshot(self) -> None:
        watching = len(await presence().people(groups.stage(self.stage_id)))
        notice, revision = await self._snapshot(watching)
        await self.send_notice(notice, revision)

    @database_sync_to_async
    def _snapshot(self, watching: int) -> tuple[messages.StageSnapshot, int]:
        session = selectors.get(self.session_id)
        return selectors.stage_snapshot(
            session, self.user, watching, settings.ICE_SERVERS
        ), session.stage_revision

    @command(messages.GetSnapshot)
    async def get_snapshot(self, body: messages.GetSnapshot) -> None:
        await self.send_snapshot()

    @command(messages.StartViewing)
    async def start_viewing(self, body: messages.StartViewing) -> messages.SdpOffer:
        await self._drop_viewer()
        session = await database_sync_to_async(selectors.get)(self.session_id)
        if not session.mountpoint_ready:
            raise media_not_ready()
        self.viewer = viewer = Viewer(session.room, mountpoint_pin(session.room), self.mids)
        async with beginning("view", give_up=self._drop_viewer):
            offer = await viewer.start(await self.janus_session(), self.listener(viewer))
        return messages.SdpOffer(offer=offer)

    @command(messages.AnswerViewing)
    async def answer_viewing(self, body: messages.AnswerViewing) -> None:
        if self.viewer is not None:
            with failures_as_refusals():
                await self.viewer.answer(body.sdp)

    @command(messages.ViewerCandidate)
    async def viewer_candidate(self, body: messages.ViewerCandidate) -> None:
        if self.viewer is not None:
            await self.quietly(self.viewer.candidate(candidates.from_page(body.candidate)))

    async def _drop_viewer(self) -> None:
        viewer, self.viewer = self.viewer, None
        if viewer is not None:
            await self.quietly(viewer.stop())

    async def handle_event(self, source: object, event: HandleEvent) -> None:
        if source is not self.viewer:
            return
        match event:
            case Trickled(candidate=candidate):
                await self.send_notice(
                    messages.ViewerRemoteCandidate(candidate=candidates.to_page(candidate))
                )
            case Hangup() | Detached():
                await self.handle_lost()

    async def handle_lost(self) -> None:
        if self.viewer is not None:
            await self._drop_viewer()
            await self.send_notice(messages.ViewerLost())
