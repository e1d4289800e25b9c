"""/ws/stage/STAGE/: the audience: what is aired, and the signalling of the one PeerConnection that carries it."""

from typing import Any

from channels.db import database_sync_to_async

from backstage import messages, selectors, services
from backstage.consumers.attendance import Attendance
from backstage.consumers.viewing import ViewingConsumer
from backstage.models import BackstageSession
from hopin_backstage.realtime import groups


class StageConsumer(ViewingConsumer):
    async def enter(self) -> None:
        self.stage_id = self.scope["url_route"]["kwargs"]["stage_id"]
        self.session_id = (await self._come()).id
        self.attendance = Attendance(groups.stage(self.stage_id), self.user.pk, self.channel_name)
        self.at_end(self.attendance.end)
        await self.attendance.begin()
        # Before the snapshot, which says whether this person is on screen now.
        await self.join(groups.viewer(self.user.pk))
        await self.follow_stage()

    async def recheck(self) -> None:
        await self._check_watching()
        # Whoever hears themselves ten seconds late cannot speak: not even one lost notice may lead to that.
        await self._guard_against_echo()

    async def pass_on(self, message: dict[str, Any]) -> None:
        if message["notice"] == messages.EchoGuard.wire_type:
            # Notices are sent after their transactions, so an older one may come behind a newer one.
            await self._guard_against_echo()
        else:
            await super().pass_on(message)

    async def _guard_against_echo(self) -> None:
        on_screen = await database_sync_to_async(selectors.is_on_screen)(self.user)
        await self.send_notice(messages.EchoGuard(on_screen=on_screen))

    @database_sync_to_async
    def _come(self) -> BackstageSession:
        return services.come_to_stage(stage_id=self.stage_id, actor=self.user)

    @database_sync_to_async
    def _check_watching(self) -> BackstageSession:
        return services.check_watching(stage_id=self.stage_id, actor=self.user)
