"""/ws/chat/backstage/TOKEN/ and /ws/chat/event/EVENT/: one chat room a connection."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
import structlog
from channels.db import database_sync_to_async

from chat import group_commit, messages, permissions, selectors, services
from chat.models import Room
from chat.people import Standing
from hopin_backstage.realtime import Refused, groups
from hopin_backstage.realtime.consumer import Way, WireConsumer, command

log = structlog.get_logger(__name__)

#: Seconds between two times that it is stored how far one page has read.
READ_STORED_EVERY_S = 5.0


class _MuteOf(msgspec.Struct):
    body: messages.PersonMuted


class ChatConsumer(WireConsumer):
    """Subclasses say which room it is, and so who may come in.

    Inside; or, for an organizer of a draft, waiting: told nothing but that it opens.
    """

    room: Room
    """As it was when it was last looked at; services look again."""
    standing: Standing
    is_waiting = False

    async def enter(self) -> None:
        self._joined: set[str] = set()
        self._muted_people: list[messages.MutedPerson] = []
        self._read_up_to = self._read_stored = 0
        self._storing: asyncio.Task[None] | None = None
        self.room = await database_sync_to_async(self._find_room)()
        self.at_end(self._end_reading)
        await self._come_in()

    def _find_room(self) -> Room:
        """Raises Refused for whoever may not come in."""
        raise NotImplementedError

    async def _come_in(self) -> None:
        """Or to where one hears that the chat opens. Raises Refused."""
        if await self._is_let_in():
            return
        await self._be_in({groups.chat(self.room.pk)})
        # It may have opened before that could be heard.
        if await self._is_let_in() or self.is_waiting:
            return
        self.is_waiting = True
        await self.send_notice(messages.ChatClosed())

    async def _is_let_in(self) -> bool:
        try:
            await self._let_in()
        except services.NotOpenYet:
            return False
        return True

    async def _let_in(self) -> None:
        """Raises Refused."""
        await self._look()
        self.is_waiting = False
        await self._send_snapshot()

    def way(self, kind: str) -> Way:
        if self.is_waiting:
            return Way.NOBODY
        return Way.WORK if kind == messages.PersonMuted.wire_type else Way.PAGE

    async def pass_on(self, message: dict[str, Any]) -> None:
        """Only mutes arrive here. What the page knows is known here: the next recheck finds what it has missed."""
        told = msgspec.json.decode(message["frame"], type=_MuteOf).body
        others = [each for each in self._muted_people if each.person != told.person]
        newest = [messages.MutedPerson(person=told.person, name=told.name)] if told.muted else []
        self._muted_people = others + newest
        if told.person == self.user.pk:
            self.standing = replace(self.standing, muted=told.muted)
        await super().pass_on(message)

    async def recheck(self) -> None:
        if self.is_waiting:
            await self._come_in()
            return
        before = selectors.me(self.room, self.standing, self.user)
        try:
            await self._look()
        except services.NotOpenYet:
            await self._come_in()
            return
        if selectors.me(self.room, self.standing, self.user) != before or await self._has_missed_a_mute():
            await self._send_snapshot()
        else:
            await self.send_notice(messages.RoomIsAt(as_of=self.room.revision))

    async def _has_missed_a_mute(self) -> bool:
        """Of somebody else: no revision tells an organizer's page of it."""
        if not permissions.may_moderate(self.room, self.standing):
            return False
        return await database_sync_to_async(selectors.muted_people)(self.room) != self._muted_people

    async def catch_up(self) -> None:
        """Nothing more: how far the room is has been said by the recheck, and the page asks by itself."""

    async def _look(self) -> None:
        """Raises Refused. Joins and parts, as the person stands to the room now."""
        self.room, self.standing = await database_sync_to_async(services.check_reading)(
            room=self.room, actor=self.user
        )
        await self._be_in(self._groups())

    async def _be_in(self, here: set[str]) -> None:
        # First in all of them: a notice twice is passed over, one that is missed has to be asked for.
        for group in here - self._joined:
            await self.join(group)
        for group in self._joined - here:
            await self.part(group)
        self._joined = here

    def _groups(self) -> set[str]:
        everybody = groups.chat_from_backstage if self._is_timed and self._is_of_event else groups.chat
        here = {everybody(self.room.pk), groups.chat_person(self.room.pk, self.user.pk)}
        if permissions.may_moderate(self.room, self.standing):
            here.add(groups.chat_moderation(self.room.pk))
        return here

    @property
    def _is_of_event(self) -> bool:
        return self.room.kind == Room.Kind.EVENT

    @property
    def _is_timed(self) -> bool:
        return permissions.sees_what_was_seen(self.room, self.standing)

    async def _send_snapshot(self) -> None:
        notice, revision = await database_sync_to_async(self._snapshot)()
        self._muted_people = notice.muted_people
        await self.send_notice(notice, revision)

    def _snapshot(self) -> tuple[messages.ChatSnapshot, int]:
        room, standing = services.check_reading(room=self.room, actor=self.user)
        return selectors.snapshot(room, standing, self.user)

    @command(messages.GetSnapshot)
    async def get_snapshot(self, body: messages.GetSnapshot) -> None:
        if self.is_waiting:
            await self._let_in()
        else:
            await self._send_snapshot()

    @command(messages.Send)
    async def send_message(self, body: messages.Send) -> messages.Sent:
        post = services.Post(
            actor=self.user,
            client_id=body.client_id,
            text=body.text,
            stage_id=body.stage,
            written_at=body.written_at,
            mentions=tuple(body.mentions),
        )
        message = await group_commit.send(self.room, post)
        return messages.Sent(message=message if self._is_timed else selectors.untimed(message))

    @command(messages.CatchUp)
    async def get_missed(self, body: messages.CatchUp) -> messages.CaughtUp:
        return await database_sync_to_async(self._missed)(body)

    def _missed(self, body: messages.CatchUp) -> messages.CaughtUp:
        room, timed = self._check_reading()
        return selectors.catch_up(room.pk, revision=body.revision, after=body.after, timed=timed)

    @command(messages.GetOlder)
    async def get_older(self, body: messages.GetOlder) -> messages.Older:
        return await database_sync_to_async(self._older)(body)

    def _older(self, body: messages.GetOlder) -> messages.Older:
        room, timed = self._check_reading()
        return selectors.older(room, before=body.before, timed=timed)

    def _check_reading(self) -> tuple[Room, bool]:
        """The room as it is now, and whether the person is told what the audience saw. Raises Refused."""
        room, standing = services.check_reading(room=self.room, actor=self.user)
        return room, permissions.sees_what_was_seen(room, standing)

    @command(messages.Delete)
    async def delete(self, body: messages.Delete) -> None:
        await database_sync_to_async(services.delete)(
            actor=self.user, room=self.room, message_id=body.message
        )

    @command(messages.MutePerson)
    async def mute(self, body: messages.MutePerson) -> None:
        await database_sync_to_async(self._mute)(body)

    def _mute(self, body: messages.MutePerson) -> None:
        room, _standing = services.check_moderating(room=self.room, actor=self.user)
        services.mute(actor=self.user, event=room.event, person_id=body.person, muted=body.muted)

    @command(messages.FindPeople)
    async def find_people(self, body: messages.FindPeople) -> messages.Found:
        return await database_sync_to_async(self._find_people)(body)

    def _find_people(self, body: messages.FindPeople) -> messages.Found:
        room, _timed = self._check_reading()
        return selectors.find_people(room, self.user, body.beginning)

    # --- How far this page has read ----------------------------
    @command(messages.Read)
    async def read(self, body: messages.Read) -> None:
        """Stored at once, then every few seconds: a busy chat is read by many, each message."""
        self._read_up_to = max(self._read_up_to, body.number)
        if self._storing is None:
            await self._store_read()
            self._storing = asyncio.create_task(self._store_read_later())

    async def _store_read_later(self) -> None:
        while True:
            await asyncio.sleep(READ_STORED_EVERY_S)
            if self._read_up_to <= self._read_stored:
                self._storing = None
                return
            try:
                await self._store_read()
            except Refused:
                # Whoever is let in again, reads again.
                self._storing = None
                return
            except Exception:
                # The database may be away for a moment; tried again soon.
                log.exception("read_mark_not_stored")

    async def _store_read(self) -> None:
        if self._read_up_to > self._read_stored:
            number = self._read_up_to
            await database_sync_to_async(services.mark_read)(actor=self.user, room=self.room, number=number)
            self._read_stored = number

    async def _end_reading(self) -> None:
        if self._storing is not None:
            self._storing.cancel()
            # Whoever was put out has read enough.
            with suppress(Refused):
                await self._store_read()


class BackstageChatConsumer(ChatConsumer):
    def _find_room(self) -> Room:
        token = self.scope["url_route"]["kwargs"]["link_token"]
        return services.backstage_room(link_token=token, actor=self.user)


class EventChatConsumer(ChatConsumer):
    def _find_room(self) -> Room:
        return services.find_event_room(slug=self.scope["url_route"]["kwargs"]["event_slug"], actor=self.user)
