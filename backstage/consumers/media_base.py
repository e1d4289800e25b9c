"""What every socket that carries media signalling has: a session of Janus, and its events in order."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from django.utils.translation import gettext as _

from backstage.media.link import janus
from hopin_backstage.realtime import Refused
from hopin_backstage.realtime.consumer import WireConsumer
from janus.errors import JanusError
from janus.events import HandleEvent
from janus.session import JanusSession

log = structlog.get_logger(__name__)


def media_not_ready() -> Refused:
    return Refused("media.not_ready", _("The media server is not ready yet. Trying again by itself."))


class MediaConsumer(WireConsumer):
    """Subclasses handle events in `handle_event(source, event)` and a lost Janus in `handle_lost()`.

    Janus's receive loop only puts events into a queue; one task takes them out, so they are handled in order
    and may ask Janus things themselves.
    """

    async def connect(self) -> None:
        self._session: JanusSession | None = None
        self._events: asyncio.Queue[tuple[object, HandleEvent] | None] = asyncio.Queue(maxsize=1000)
        self._event_task = asyncio.create_task(self._handle_events())
        await super().connect()

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        self._event_task.cancel()
        if self._session is not None:
            await self._session.destroy()

    async def answer(self, envelope: Any) -> str:
        try:
            return await super().answer(envelope)
        finally:
            # A Janus that restarted is noticed with the first request, or by the connection.
            if self._session is not None and self._session.lost:
                self._session = None

    async def janus_session(self) -> JanusSession:
        """This page's session of Janus, made on first asking. Raises Refused `media.not_ready`."""
        if self._session is None or self._session.lost:
            try:
                session = await (await janus()).create_session()
            except JanusError as error:
                raise media_not_ready() from error
            session.on_lost = lambda: self._enqueue(None)
            self._session = session
        return self._session

    def listener(self, source: object) -> Callable[[HandleEvent], None]:
        """To be given to a handle: its events arrive in `handle_event` with `source`."""
        return lambda event: self._enqueue((source, event))

    def _enqueue(self, item: tuple[object, HandleEvent] | None) -> None:
        try:
            self._events.put_nowait(item)
        except asyncio.QueueFull:
            log.error("janus_events_overflow")
            self._event_task.cancel()

    async def _handle_events(self) -> None:
        while True:
            item = await self._events.get()
            try:
                if item is None:
                    await self.handle_lost()
                else:
                    await self.handle_event(*item)
            except Exception:
                # One event that cannot be handled must not end the picture of this person.
                log.exception("media_event_failed")

    async def quietly(self, work: Awaitable[None]) -> None:
        """For what does not matter any more when it, or Janus, is gone already."""
        try:
            await work
        except JanusError as error:
            log.info("janus_request_failed", error=str(error))

    async def handle_event(self, source: object, event: HandleEvent) -> None:
        raise NotImplementedError

    async def handle_lost(self) -> None:
        raise NotImplementedError
