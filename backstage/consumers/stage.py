"""/ws/stage/STAGE/: the audience: what is aired, and the signalling of the one PeerConnection that carries it.

A Stage that shows a video from elsewhere is watched here, too: its people are present and counted, and hear of changes;
there is nothing of Janus for them.
"""

from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from backstage import messages, selectors, services
from backstage.consumers.attendance import Attendance
from backstage.consumers.refusals import media_not_ready
from backstage.consumers.viewing import ViewingConsumer
from events import services as events_services
from events.models import Stage
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import Way, command
from hopin_backstage.realtime.presence import presence


class StageConsumer(ViewingConsumer):
    async def enter(self) -> None:
        self.stage_id: UUID = self.scope["url_route"]["kwargs"]["stage_id"]
        stage = await self._come()
        self.shown = selectors.shown_on(stage)
        self.is_elsewhere = stage.provider != Stage.Provider.HOPIN
        if not self.is_elsewhere:
            self.session_id = await self._session_of(stage)
        self.attendance = Attendance(groups.stage(self.stage_id), self.user.pk, self.channel_name)
        self.at_end(self.attendance.end)
        await self.attendance.begin()
        # Before the snapshot, which says whether this person is on screen now.
        await self.join(groups.viewer(self.user.pk))
        await self.follow_stage()

    async def send_snapshot(self) -> None:
        if not self.is_elsewhere:
            await super().send_snapshot()
            return
        stage = await self._check_watching()
        await self.send_notice(selectors.elsewhere_snapshot(stage, await self._count(stage)))

    async def _count(self, stage: Stage) -> int:
        """How many are here. Whoever comes last counts all of them, so the most at a time are noted here."""
        watching = len(await presence().people(groups.stage(self.stage_id)))
        await database_sync_to_async(events_services.note_watching)(stage=stage, watching=watching)
        return watching

    async def recheck(self) -> None:
        stage = await self._check_watching()
        if selectors.shown_on(stage) != self.shown:
            # Said already; this is for a page that has missed it.
            await self.send_notice(messages.StageChanged())
        elif self.is_elsewhere:
            # Of our own Stages the stagehand counts the people.
            await self.send_notice(messages.WatchingChanged(watching=await self._count(stage), as_of=0))
        else:
            # Whoever hears themselves ten seconds late cannot speak: not even one lost notice may lead to that.
            await self._guard_against_echo()

    def way(self, kind: str) -> Way:
        return Way.WORK if kind == messages.EchoGuard.wire_type else Way.PAGE

    async def pass_on(self, message: dict[str, Any]) -> None:
        # Notices are sent after their transactions, so an older one may come behind a newer one.
        if not self.is_elsewhere:
            await self._guard_against_echo()

    @command(messages.StartViewing)
    async def start_viewing(self, body: messages.StartViewing) -> messages.SdpOffer:
        if self.is_elsewhere:
            raise media_not_ready()
        return await super().start_viewing(body)

    async def _guard_against_echo(self) -> None:
        on_screen = await database_sync_to_async(selectors.is_on_screen)(self.user)
        await self.send_notice(messages.EchoGuard(on_screen=on_screen))

    @database_sync_to_async
    def _come(self) -> Stage:
        return services.come_to_stage(stage_id=self.stage_id, actor=self.user)

    @database_sync_to_async
    def _check_watching(self) -> Stage:
        return services.check_watching(stage_id=self.stage_id, actor=self.user)

    @database_sync_to_async
    def _session_of(self, stage: Stage) -> UUID:
        return services.backstage_of(stage).id
