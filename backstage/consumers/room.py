"""/ws/backstage/TOKEN/: the truth about one Backstage, and what people inside may do about it themselves."""

from channels.db import database_sync_to_async

from backstage import messages, selectors, services
from backstage.consumers.attendance import Attendance
from backstage.models import BackstageSession
from hopin_backstage.realtime import Refused, groups
from hopin_backstage.realtime.consumer import WireConsumer, command
from hopin_backstage.realtime.presence import presence


class BackstageConsumer(WireConsumer):
    async def enter(self) -> None:
        token = self.scope["url_route"]["kwargs"]["link_token"]
        session = await self._check_entry(token)
        # Present first: whoever looks for people that are gone must not find this one missing.
        self.attendance = Attendance(groups.backstage(session.id), self.user.pk, self.channel_name)
        self.stage_place = groups.stage(session.stage_id)
        self.at_end(self.attendance.end)
        await self.attendance.begin()
        self.participant = await database_sync_to_async(services.enter)(session=session, actor=self.user)
        self.at_end(self._leave_place)
        await self.join(groups.backstage(session.id))
        await self.join(groups.participant(self.participant.id))
        await self._send_snapshot()

    @database_sync_to_async
    def _check_entry(self, token: str) -> BackstageSession:
        return services.check_entry(session=selectors.by_link(token), actor=self.user)

    async def recheck(self) -> None:
        """The link may change while people are inside (they stay); being allowed to the event may not."""
        try:
            await database_sync_to_async(services.check_still_allowed)(participant_id=self.participant.id)
        except Refused:
            await database_sync_to_async(services.leave)(participant_id=self.participant.id)
            raise

    async def _leave_place(self) -> None:
        if await self.attendance.end():
            await database_sync_to_async(services.mark_away)(participant_id=self.participant.id)

    async def _send_snapshot(self) -> None:
        watching = len(await presence().people(self.stage_place))
        notice, revision = await database_sync_to_async(selectors.numbered_snapshot)(
            self.participant.id, watching
        )
        await self.send_notice(notice, revision)

    @command(messages.GetSnapshot)
    async def get_snapshot(self, body: messages.GetSnapshot) -> None:
        await self._send_snapshot()

    @command(messages.TakePlace)
    async def take_place(self, body: messages.TakePlace) -> None:
        await database_sync_to_async(services.take_place)(
            actor=self.participant, microphone=body.microphone, camera=body.camera
        )

    @command(messages.GivePlace)
    async def give_place(self, body: messages.GivePlace) -> None:
        await database_sync_to_async(services.give_place)(actor=self.participant)

    @command(messages.SetDevices)
    async def set_devices(self, body: messages.SetDevices) -> None:
        await database_sync_to_async(services.set_devices)(
            actor=self.participant, microphone=body.microphone, camera=body.camera
        )

    @command(messages.LeaveBackstage)
    async def leave(self, body: messages.LeaveBackstage) -> None:
        await database_sync_to_async(services.leave)(participant_id=self.participant.id)

    @command(messages.StartBroadcast)
    async def start_broadcast(self, body: messages.StartBroadcast) -> None:
        await database_sync_to_async(services.start_broadcast)(actor=self.participant)

    @command(messages.StopBroadcast)
    async def stop_broadcast(self, body: messages.StopBroadcast) -> None:
        await database_sync_to_async(services.stop_broadcast)(actor=self.participant)
