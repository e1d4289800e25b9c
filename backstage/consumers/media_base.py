"""What every socket that carries media signalling has: a session of Janus, and its events in order."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from backstage.consumers.refusals import failures_as_refusals
from backstage.media.link import janus
from hopin_backstage.realtime.consumer import WireConsumer
from janus.errors import JanusError
from janus.events import HandleEvent
from janus.session import JanusSession

log = structlog.get_logger(__name__)

CLOSE_OVERFLOW = 4429


class MediaConsumer(WireConsumer):
    """Subclasses handle events in `handle_event(source, event)` and a lost Janus in `handle_lost()`.

    Janus's receive loop only puts events into a queue; one task takes them out, so they are handled in order
    and may ask Janus things themselves.
    """

    async def connect(self) -> None:
        self._session: JanusSession | None = None
        self._events: asyncio.Queue[tuple[object, HandleEvent] | JanusSession] = asyncio.Queue(maxsize=1000)
        self._background: set[asyncio.Task[None]] = set()
        self.at_end(self._end_session)
        self.later(self._handle_events())
        self.at_end(self._end_background)
        await super().connect()

    async def _end_session(self) -> None:
        if self._session is not None:
            await self._session.destroy()

    async def _end_background(self) -> None:
        for task in self._background:
            task.cancel()

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Goes on beside the commands, for as long as the connection lives."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

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
            with failures_as_refusals():
                made = await (await janus()).create_session()
            made.on_lost = lambda: self._enqueue(made)
            self._session = made
        return self._session

    def listener(self, source: object) -> Callable[[HandleEvent], None]:
        """To be given to a handle: its events arrive in `handle_event` with `source`."""
        return lambda event: self._enqueue((source, event))

    def _enqueue(self, item: tuple[object, HandleEvent] | JanusSession) -> None:
        try:
            self._events.put_nowait(item)
        except asyncio.QueueFull:
            # Nothing that follows could be trusted: the page comes again, and everything is made anew.
            log.error("janus_events_overflow")
            self.later(self.close(CLOSE_OVERFLOW))

    async def _handle_events(self) -> None:
        while True:
            item = await self._events.get()
            try:
                if isinstance(item, JanusSession):
                    # One that was lost earlier may say so late, when another is in its place.
                    if item is self._session or self._session is None:
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
