"""/ws/moderation/TOKEN/: asking, and what organizers do about it."""

from channels.db import database_sync_to_async

from backstage import services as backstage
from backstage.permissions import may_direct
from backstage.selectors import participant as participant_now
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.consumer import Way, WireConsumer, command
from moderation import messages, selectors, services


class ModerationConsumer(WireConsumer):
    moderates = False

    async def enter(self) -> None:
        token = self.scope["url_route"]["kwargs"]["link_token"]
        self.participant = await database_sync_to_async(backstage.check_inside)(
            link_token=token, actor=self.user
        )
        await self.join(groups.askers(self.participant.backstage_session_id))
        await self.join(groups.asker(self.participant.id))
        self.moderates = await self._may_moderate()
        if self.moderates:
            await self.join(groups.moderation(self.participant.backstage_session_id))
        await self._send_snapshot()

    async def recheck(self) -> None:
        await database_sync_to_async(backstage.check_still_inside)(participant_id=self.participant.id)
        if self.moderates and not await self._may_moderate():
            self.moderates = False
            await self._send_snapshot()

    def way(self, kind: str) -> Way:
        # Whoever is no organizer any more hears nothing of the queue, though still in its group.
        return Way.PAGE if self.moderates or kind != messages.RequestsChanged.wire_type else Way.NOBODY

    @database_sync_to_async
    def _may_moderate(self) -> bool:
        return may_direct(participant_now(self.participant.pk))

    async def _send_snapshot(self) -> None:
        notice, revision = await database_sync_to_async(selectors.snapshot)(self.participant.id)
        await self.send_notice(notice, revision)

    @command(messages.GetSnapshot)
    async def get_snapshot(self, body: messages.GetSnapshot) -> None:
        await self._send_snapshot()

    @command(messages.Ask)
    async def ask(self, body: messages.Ask) -> None:
        await database_sync_to_async(services.ask)(
            actor=self.participant, microphone=body.microphone, camera=body.camera
        )

    @command(messages.Withdraw)
    async def withdraw(self, body: messages.Withdraw) -> None:
        await database_sync_to_async(services.withdraw)(actor=self.participant)

    @command(messages.Accept)
    async def accept_request(self, body: messages.Accept) -> None:
        await database_sync_to_async(services.accept)(actor=self.participant, request_id=body.request)

    @command(messages.Decline)
    async def decline_request(self, body: messages.Decline) -> None:
        await database_sync_to_async(services.decline)(
            actor=self.participant, request_id=body.request, word=body.word
        )

    @command(messages.Preflight)
    async def preflight(self, body: messages.Preflight) -> None:
        await database_sync_to_async(services.note_preflight)(
            actor=self.participant,
            microphone=body.microphone,
            camera=body.camera,
            level=body.level,
            uplink=body.uplink,
            path=body.path,
            browser=body.browser,
        )

    @command(messages.Dequeue)
    async def dequeue(self, body: messages.Dequeue) -> None:
        await database_sync_to_async(services.dequeue)(actor=self.participant, request_id=body.request)

    @command(messages.MutePerson)
    async def mute(self, body: messages.MutePerson) -> None:
        await database_sync_to_async(services.mute)(
            actor=self.participant, participant_id=body.participant, muted=body.muted
        )

    @command(messages.BlockPerson)
    async def block(self, body: messages.BlockPerson) -> None:
        await database_sync_to_async(services.block)(actor=self.participant, participant_id=body.participant)

    @command(messages.RemoveFromScreen)
    async def remove_from_screen(self, body: messages.RemoveFromScreen) -> messages.Removed:
        was_screen = await database_sync_to_async(services.remove_from_screen)(
            actor=self.participant, participant_id=body.participant, screen=body.screen
        )
        return messages.Removed(screen=was_screen)
