"""What one consumer is told: past it to its page while it does nothing, otherwise in turn with its work."""

import asyncio
from collections import deque
from enum import Enum, auto
from typing import Any, Protocol

import structlog
from channels.exceptions import StopConsumer
from django.utils.translation import gettext as _

from hopin_backstage.realtime.access import AccessChanged
from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.close_codes import CLOSE_TOO_SLOW
from hopin_backstage.realtime.errors import Refused
from hopin_backstage.realtime.outlet import Outlet
from hopin_backstage.realtime.told import Told, at_once

log = structlog.get_logger(__name__)

#: Notices that may wait for one consumer that is at work: more than a busy show has while one command may last.
MOST_MAIL = 2000


def too_slow() -> Refused:
    return Refused(
        "too_slow", _("More happened here than this page could be told. It connects again by itself.")
    )


class Way(Enum):
    """What becomes of a notice that a consumer's group is told."""

    PAGE = auto()
    """To the page, as it is: written straight to its connection."""
    WORK = auto()
    """To `pass_on`, in turn with the commands."""
    NOBODY = auto()


class Reader(Protocol):
    """A consumer, as its mail knows it."""

    inside: bool

    def way(self, kind: str) -> Way: ...

    async def recheck_now(self) -> None: ...

    async def catch_up(self) -> None: ...

    async def pass_on(self, message: dict[str, Any]) -> None: ...

    async def send(self, text_data: str) -> None: ...

    async def put_out(self, close_code: int, refusal: Refused) -> None: ...


class Mail:
    """A member of the fan-out for its reader. What waits here is work, or came while the reader was at work."""

    __slots__ = ("_giving_up", "_has_some", "_is_held", "_outlet", "_passing", "_reader", "_waiting")

    def __init__(self, reader: Reader, outlet: Outlet | None) -> None:
        self._reader = reader
        self._outlet = outlet
        self._waiting: deque[Told] = deque()
        self._has_some = asyncio.Event()
        self._is_held = False
        self._giving_up: asyncio.Task[None] | None = None
        #: The last kind that went past the reader to its page, since its last turn: the next goes there unasked.
        self._passing: str | None = None

    def __len__(self) -> int:
        """Notices that wait."""
        return len(self._waiting)

    # --- As it comes: for each member of each group, so all that is looked at here counts ----------------------------
    def hear(self, notice: Told) -> Outlet | None:
        """The fan-out brings a notice of one of the reader's groups. Returns where it is to be written, if it is."""
        if notice.kind is self._passing:
            return self._outlet
        if self._is_held or self._waiting or (way := self._way(notice)) is Way.WORK:
            self._post(notice)
        elif way is Way.PAGE and self._reader.inside:
            self._passing = notice.kind
            return self._outlet
        return None

    def ask_again(self) -> None:
        """The reader is not inside any more."""
        self._passing = None

    def _way(self, notice: Told) -> Way:
        """Without an outlet everything takes the reader itself."""
        if notice.is_for_consumers or self._outlet is None:
            return Way.WORK
        return self._reader.way(notice.kind)

    def _write(self, notice: Told) -> None:
        if self._outlet is not None and self._reader.inside:
            self._outlet.write(notice.frame)

    def _post(self, notice: Told) -> None:
        self._passing = None
        if len(self._waiting) > MOST_MAIL:
            # What follows could not be all: the page comes again, and gets a snapshot.
            self._giving_up = self._giving_up or asyncio.create_task(
                self._reader.put_out(CLOSE_TOO_SLOW, too_slow())
            )
            return
        self._waiting.extend(notice.parts)
        self._has_some.set()

    # --- In turn ----------------------------
    def hold(self) -> None:
        """The reader is at work: what comes waits, until `release`."""
        self._is_held = True
        self._passing = None

    def release(self) -> None:
        """What waited and needs no work is written, up to the first that does."""
        self._is_held = False
        plain = []
        while self._waiting and (way := self._way(self._waiting[0])) is not Way.WORK:
            notice = self._waiting.popleft()
            if way is Way.PAGE:
                plain.append(notice)
        if plain:
            self._write(at_once(plain))
        if not self._waiting:
            self._has_some.clear()

    async def wait(self) -> None:
        """Until there is work."""
        await self._has_some.wait()

    async def read_first(self) -> None:
        """And does what it takes of the reader: looks whether one may still be here, catches up, or passes it on."""
        if not self._waiting:
            return
        notice = self._waiting.popleft()
        if notice.kind == AccessChanged.wire_type:
            await self._reader.recheck_now()
        elif notice.kind == CatchUp.wire_type:
            await self._catch_up()
        elif self._reader.inside:
            await self._pass_on(notice)

    async def _catch_up(self) -> None:
        # That this person may not be here any more may be among what was missed.
        await self._reader.recheck_now()
        if self._reader.inside:
            await self._reader.catch_up()

    async def _pass_on(self, notice: Told) -> None:
        way = self._reader.way(notice.kind)
        if way is Way.WORK:
            await self._pass_on_safely(notice)
        elif way is Way.PAGE:
            await self._reader.send(text_data=notice.message["frame"])

    async def _pass_on_safely(self, notice: Told) -> None:
        try:
            await self._reader.pass_on(notice.message)
        except StopConsumer:
            raise
        except Exception:
            # The database may be away for a moment; the next recheck finds what has changed.
            log.exception("notice_failed", kind=notice.kind)
