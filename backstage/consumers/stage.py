"""/ws/stage/STAGE/: the audience: what is aired, and the signalling of the one PeerConnection that carries it."""

from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from django.conf import settings

from backstage import messages, selectors, services
from backstage.consumers.attendance import Attendance
from backstage.consumers.media_base import MediaConsumer, media_not_ready, unfit
from backstage.media import candidates
from backstage.media.sdp import UnfitSdp
from backstage.media.secrets import mountpoint_pin
from backstage.media.viewer import Viewer
from backstage.models import BackstageSession
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import command
from hopin_backstage.realtime.presence import presence
from janus.errors import JanusError
from janus.events import Detached, HandleEvent, Hangup, Trickled

log = structlog.get_logger(__name__)


class StageConsumer(MediaConsumer):
    viewer: Viewer | None = None

    async def enter(self) -> None:
        stage_id: UUID = self.scope["url_route"]["kwargs"]["stage_id"]
        self.session_id = (await self._check_watching()).id
        self.attendance = Attendance(groups.stage(stage_id), self.user.pk, self.channel_name)
        self.at_end(self.attendance.end)
        await self.attendance.begin()
        await self.join(groups.stage(stage_id))
        await self._send_snapshot()

    async def recheck(self) -> None:
        await self._check_watching()

    @database_sync_to_async
    def _check_watching(self) -> BackstageSession:
        return services.check_watching(
            stage_id=self.scope["url_route"]["kwargs"]["stage_id"], actor=self.user
        )

    async def _send_snapshot(self) -> None:
        session = await database_sync_to_async(selectors.get)(self.session_id)
        watching = len(await presence().people(self.attendance.place))
        await self.send_notice(
            selectors.stage_snapshot(session, watching, settings.ICE_SERVERS), session.stage_revision
        )

    @command(messages.GetSnapshot)
    async def get_snapshot(self, body: messages.GetSnapshot) -> None:
        await self._send_snapshot()

    @command(messages.StartViewing)
    async def start_viewing(self, body: messages.StartViewing) -> messages.SdpOffer:
        await self._drop_viewer()
        session = await database_sync_to_async(selectors.get)(self.session_id)
        if not session.mountpoint_ready:
            raise media_not_ready()
        self.viewer = viewer = Viewer(session.room, mountpoint_pin(session.room))
        try:
            offer = await viewer.start(await self.janus_session(), self.listener(viewer))
        except JanusError as error:
            log.info("view_refused", error=str(error))
            await self._drop_viewer()
            raise media_not_ready() from error
        return messages.SdpOffer(offer=offer)

    @command(messages.AnswerViewing)
    async def answer_viewing(self, body: messages.AnswerViewing) -> None:
        if self.viewer is not None:
            try:
                await self.viewer.answer(body.sdp)
            except UnfitSdp as error:
                raise unfit() from error
            except JanusError as error:
                raise media_not_ready() from error

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
