"""Compares what should be with what is, and takes the missing steps: at once when told, and every second anyway."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from uuid import UUID

import redis
import structlog
from channels.db import database_sync_to_async

from backstage.media.link import connection
from backstage.media.media_log import MediaLog
from backstage.stagehand import desired as desired_state
from backstage.stagehand.attendance import keep_attendance
from backstage.stagehand.ears import Ears
from backstage.stagehand.eyes import Eyes
from backstage.stagehand.forgetting import forget_forever
from backstage.stagehand.forwards import Forwards
from backstage.stagehand.hands import Hands
from backstage.stagehand.heartbeat import Heartbeat
from backstage.stagehand.left_behind import LeftBehind
from backstage.stagehand.line_keeper import LineKeeper
from backstage.stagehand.open_lines import OpenLines
from backstage.stagehand.own_handles import OwnHandles
from backstage.stagehand.refusals import Refusals
from backstage.stagehand.sights import Sights
from backstage.stagehand.talking import TalkingRing
from backstage.stagehand.tender import Tender
from hopin_backstage.realtime import groups
from hopin_backstage.realtime.fanout import listening
from janus.connection import JanusConnection

log = structlog.get_logger(__name__)

LOOK_EVERY_S = 1.0


async def run() -> None:
    """Until cancelled."""
    await Stagehand(await connection()).run()


class Stagehand:
    def __init__(self, janus: JanusConnection) -> None:
        self._janus = janus
        self._touched = asyncio.Event()
        self._log = MediaLog()
        self._sights = Sights()
        self._heartbeat = Heartbeat(self._sights.told)
        self._ring = TalkingRing()
        self._ears = Ears(self._ring, self._log)
        self._lines = OpenLines()
        self._keeper = LineKeeper(self._lines)
        self._refusals = Refusals()
        handles = OwnHandles(janus)
        self._left_behind = LeftBehind(janus, handles, self._sights)
        self._eyes = Eyes(janus, handles, self._lines, self._ears, self._sights, self._log)
        forwards = Forwards(janus, handles, self._ears, self._refusals, self._log)
        hands = Hands(handles, self._lines, self._ears, forwards, self._log)
        self._tender = Tender(self._lines, self._ears, self._eyes, self._refusals, hands)

    async def run(self) -> None:
        """Until cancelled."""
        self._janus.add_link_listener(self._link_changed)
        self._sights.link_changed(self._janus.connected)
        works = (
            self._listen,
            self._tend_forever,
            self._keeper.keep_forever,
            keep_attendance,
            self._ring.tell_forever,
            self._log.write_forever,
            forget_forever,
            self._heartbeat.beat_forever,
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in works:
                    tasks.create_task(_go_on_with(work))
        finally:
            self._keeper.close()
            self._log.close()
            await self._lines.close_all_but(set())
            await self._janus.close()

    def _link_changed(self, linked: bool) -> None:
        self._sights.link_changed(linked)
        self._ears.distrust()
        self._touched.set()

    async def _listen(self) -> None:
        while True:
            try:
                async with listening(groups.STAGEHAND) as notices:
                    async for _notice in notices:
                        self._touched.set()
                        self._keeper.look()
            except (redis.RedisError, OSError) as error:
                # Redis is away; until it is back the look every second does.
                log.warning("notices_lost", error=str(error))
                await asyncio.sleep(LOOK_EVERY_S)

    async def _tend_forever(self) -> None:
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._touched.wait()
            self._touched.clear()
            try:
                await self._tend_all()
            except Exception:
                # The database or Redis may be away for a moment; a show in the line goes on meanwhile.
                log.exception("tending_failed")

    async def _tend_all(self) -> None:
        overtaken = {session_id: line.overtaken for session_id, line in self._lines.items()}
        everything = await _read()
        self._left_behind.note(everything)
        await self._forget_all_but({desired.session_id for desired in everything})
        await self._left_behind.clear_away()
        await asyncio.gather(
            *(self._tender.tend(desired, overtaken.get(desired.session_id, 0)) for desired in everything)
        )

    async def _forget_all_but(self, session_ids: set[UUID]) -> None:
        """Of others nothing is on air, and Janus has nothing; or somebody has deleted them."""
        self._refusals.forget_all_but(session_ids)
        self._eyes.forget_all_but(session_ids)
        await self._ears.forget_all_but(session_ids)
        await self._lines.close_all_but(session_ids)


async def _go_on_with(work: Callable[[], Awaitable[None]]) -> None:
    """A fault in one work must end neither it nor the others: shows depend on all of them."""
    while True:
        try:
            await work()
        except Exception:
            log.exception("work_failed", work=work.__qualname__)
        await asyncio.sleep(LOOK_EVERY_S)


_read = database_sync_to_async(desired_state.read)
