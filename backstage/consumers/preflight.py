"""The pre-flight check of a person who waits: their uplink, measured with media that nobody sees or hears."""

import asyncio

import redis
import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.utils.translation import gettext as _

from backstage import messages, selectors
from backstage.consumers.media_base import MediaConsumer
from backstage.consumers.refusals import beginning, media_not_ready
from backstage.media import candidates
from backstage.media.preflight import make_room, preflight_room
from backstage.media.publisher import Sender, new_feed
from backstage.models import BackstageSession, Participant
from hopin_backstage.realtime import Refused
from hopin_backstage.realtime.consumer import command
from hopin_backstage.realtime.presence import presence
from janus.errors import JanusRefused, RefusalCode
from janus.events import Detached, HandleEvent, Hangup, Trickled

log = structlog.get_logger(__name__)

#: Seconds after which the server ends a check by itself.
PREFLIGHT_S = 10.0
#: Seconds from one check of a person to the next.
PREFLIGHT_EVERY_S = 20


class PreflightConsumer(MediaConsumer):
    """Subclasses set `participant` and `room_session` on entering."""

    participant: Participant
    room_session: BackstageSession
    preflight: Sender | None = None

    @command(messages.StartPreflight)
    async def start_preflight(self, body: messages.StartPreflight) -> messages.SdpAnswer:
        await self.end_preflight()
        await self._check_now()
        session = await self.janus_session()
        sender = Sender(preflight_room(self.room_session.room), new_feed())
        self.preflight = sender
        self.later(self._end_in_time(sender))
        async with beginning("preflight", give_up=self.end_preflight, session=session.id):
            answer = await self._send(sender, body.sdp)
        return messages.SdpAnswer(answer=answer)

    async def _send(self, sender: Sender, sdp: str) -> str:
        """The room for it is made by whoever needs it first. Raises JanusError, UnfitSdp."""
        session = await self.janus_session()
        for _attempt in ("there it is", "now it is made"):
            try:
                return await sender.start(
                    session,
                    sdp,
                    name=str(self.participant.id),
                    bitrate=settings.PUBLISHER_BITRATE,
                    on_event=self.listener(sender),
                )
            except JanusRefused as refusal:
                await self.quietly(sender.stop())
                if refusal.code != RefusalCode.NO_SUCH_ROOM:
                    raise
                await make_room(session, self.room_session.room)
        raise media_not_ready()

    async def _check_now(self) -> None:
        """Raises Refused `preflight.not_now`: only who waits is checked, and not all the time."""
        waits = await database_sync_to_async(selectors.waits_to_come_on_screen)(self.participant.id)
        try:
            if waits and await presence().first_in(f"preflight:{self.participant.id}", PREFLIGHT_EVERY_S):
                return
        except (redis.RedisError, OSError) as error:
            log.warning("preflight_not_counted", error=str(error))
        raise Refused("preflight.not_now", _("Your connection cannot be checked right now."))

    @command(messages.PreflightCandidate)
    async def preflight_candidate(self, body: messages.PreflightCandidate) -> None:
        if self.preflight is not None:
            await self.quietly(self.preflight.candidate(candidates.from_page(body.candidate)))

    @command(messages.StopPreflight)
    async def stop_preflight(self, body: messages.StopPreflight) -> None:
        await self.end_preflight()

    async def end_preflight(self) -> None:
        sender, self.preflight = self.preflight, None
        if sender is not None:
            await self.quietly(sender.stop())

    async def _end_in_time(self, sender: Sender) -> None:
        await asyncio.sleep(PREFLIGHT_S)
        if sender is self.preflight:
            await self.end_preflight()

    async def handle_preflight(self, sender: Sender, event: HandleEvent) -> None:
        if sender is not self.preflight:
            return
        match event:
            case Trickled(candidate=candidate):
                told = messages.PreflightRemoteCandidate(candidate=candidates.to_page(candidate))
                await self.send_notice(told)
            case Hangup() | Detached():
                await self.end_preflight()
