"""/ws/backstage/TOKEN/: the truth about one Backstage, and what people inside may do about it themselves."""

import asyncio
import random
from typing import Any

from channels.db import database_sync_to_async

from backstage import messages, permissions, selectors, services
from backstage.consumers.attendance import Attendance
from backstage.models import BackstageSession, Participant
from hopin_backstage.realtime import Refused, codec, groups
from hopin_backstage.realtime.consumer import Way, WireConsumer, command
from hopin_backstage.realtime.presence import presence
from hopin_backstage.realtime.silence import last_word

#: Seconds between two looks of a person at the door at their place in line, at most.
LINE_LOOKED_AT_EVERY_S = 1.0
#: Notices that change where this connection is.
WORKED_ON = frozenset({messages.Admitted.wire_type, messages.LineMoved.wire_type, messages.YouLeft.wire_type})


class BackstageConsumer(WireConsumer):
    """Inside; or at the door of a full house, where a page hears of its place in line and of nothing else."""

    async def enter(self) -> None:
        self.token = self.scope["url_route"]["kwargs"]["link_token"]
        self.at_door = True
        self.has_left = False
        self._place_told = 0
        self._following: asyncio.Task[None] | None = None
        self.at_end(self._stop_following)
        # Being let in may be told while we look by ourselves.
        self._moving = asyncio.Lock()
        session = await self._check_entry()
        self.stage_place = groups.stage(session.stage_id)
        self.room_place, self.door_place = groups.backstage(session.id), groups.door(session.id)
        # Present first: whoever looks for people that are gone must not find this one missing.
        self.attendance = self._attendance(self.room_place)
        self.at_end(self._end_attendance)
        await self.attendance.begin()
        self.participant = await self._take_seat(session)
        self.at_end(self._lose_line)
        await self.join(groups.participant(self.participant.id))
        await self._stand()

    @database_sync_to_async
    def _check_entry(self) -> BackstageSession:
        return services.check_entry(session=selectors.by_link(self.token, self.user), actor=self.user)

    @database_sync_to_async
    def _take_seat(self, session: BackstageSession) -> Participant:
        return services.enter(session=session, actor=self.user, link_token=self.token)

    async def _stand(self) -> None:
        """Inside or at the door, as the participant's row says."""
        while self.participant.waiting_since is not None:
            await self._be_at(self.door_place)
            await self.join(self.door_place)
            if await self._tell_place():
                return
            # Let in since the row was read.
            self.participant = await self._take_seat(await self._check_entry())
        await self._be_at(self.room_place)
        self.at_door = False
        await self.join(self.room_place)
        await self._send_snapshot()

    async def _leave_door(self) -> None:
        """Comes in if there is a place by now. Raises Refused as coming in does."""
        async with self._moving:
            if self.at_door:
                session = await self._check_entry()
                if not await self._is_organizer(session) and await self._tell_place():
                    return
                self.participant = await self._take_seat(session)
                await self._stand()

    @database_sync_to_async
    def _is_organizer(self, session: BackstageSession) -> bool:
        """Always comes in; also who was made one while waiting."""
        return permissions.is_organizer(self.user, session.stage.event)

    async def _tell_place(self) -> bool:
        """False: the person does not wait any more."""
        place = await database_sync_to_async(selectors.place_at_door)(self.participant)
        if place and place != self._place_told:
            self._place_told = place
            await self.send_notice(selectors.house_full(place))
        return bool(place)

    async def _follow_line(self) -> None:
        """However often it moves, and however many wait, each looks at most once in a while."""
        await asyncio.sleep(random.uniform(0, LINE_LOOKED_AT_EVERY_S))  # noqa: S311 - only not all at once
        self._following = None
        if self.at_door:
            await self._tell_place()

    async def recheck(self) -> None:
        """The link may change while people are inside (they stay), not while they wait at the door."""
        try:
            if self.at_door:
                await self._leave_door()
            else:
                await database_sync_to_async(services.check_still_allowed)(participant_id=self.participant.id)
        except Refused:
            await database_sync_to_async(services.leave)(participant_id=self.participant.id)
            raise

    def way(self, kind: str) -> Way:
        if kind in WORKED_ON:
            return Way.WORK
        return Way.NOBODY if self.has_left or self.at_door else Way.PAGE

    async def pass_on(self, message: dict[str, Any]) -> None:
        kind = message["notice"]
        if kind == messages.Admitted.wire_type:
            if self.at_door:
                await self.recheck_now()
        elif kind == messages.LineMoved.wire_type:
            if self.at_door and self._following is None:
                self._following = asyncio.create_task(self._follow_line())
        elif not self.at_door:
            # The page comes in anew. One that does not hears nothing more: it has no place here.
            self.has_left = True
            await super().pass_on(message)

    async def catch_up(self) -> None:
        # At the door the recheck has looked whether there is a place.
        if not self.at_door and not self.has_left:
            await super().catch_up()

    async def answer(self, envelope: codec.Envelope) -> str:
        if self.at_door or self.has_left:
            refusal = services.not_inside()
            return codec.encode_error(envelope.id, refusal.code, refusal.text)
        return await super().answer(envelope)

    # --- Being here ----------------------------
    async def _stop_following(self) -> None:
        if self._following is not None:
            self._following.cancel()

    def _attendance(self, place: str) -> Attendance:
        return Attendance(place, self.user.pk, self.channel_name)

    async def _be_at(self, place: str) -> None:
        """In both places for a moment rather than in none."""
        if place == self.attendance.place:
            return
        before, after = self.attendance, self._attendance(place)
        await after.begin()
        self.attendance = after
        await before.end()

    async def _end_attendance(self) -> None:
        await self.attendance.end()

    async def _lose_line(self) -> None:
        word = last_word(self.scope)
        if await self.attendance.end():
            await database_sync_to_async(services.mark_away)(
                participant_id=self.participant.id, last_word=word
            )

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

    @command(messages.TakeScreen)
    async def take_screen(self, body: messages.TakeScreen) -> None:
        await database_sync_to_async(services.take_screen)(
            actor=self.participant, sound=body.sound, instead=body.instead
        )

    @command(messages.GiveScreen)
    async def give_screen(self, body: messages.GiveScreen) -> None:
        await database_sync_to_async(services.give_screen)(actor=self.participant)

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

    @command(messages.CutNow)
    async def cut_now(self, body: messages.CutNow) -> None:
        await database_sync_to_async(services.cut_now)(actor=self.participant)
