"""A socket's life: who comes in, what they join, whether they may still be here, and how it ends.

What the groups tell it is in `mail`, what its page asks in `commands`; a subclass needs `Way` and `command` of theirs,
and finds them here.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar
from uuid import uuid4

import structlog
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.utils import await_many_dispatch
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from hopin_backstage.realtime import codec, commands, fanout, groups
from hopin_backstage.realtime.access import AccessChanged, is_still_signed_in
from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.close_codes import CLOSE_FORBIDDEN, CLOSE_SIGNED_OUT, CLOSE_TOO_FAST
from hopin_backstage.realtime.codec import Notice
from hopin_backstage.realtime.commands import Registry, Unreadable, command
from hopin_backstage.realtime.errors import Refused
from hopin_backstage.realtime.mail import Mail, Way
from hopin_backstage.realtime.outlet import outlet_of
from hopin_backstage.realtime.told import told

__all__ = ["UnknownSocket", "Way", "WireConsumer", "command"]

log = structlog.get_logger(__name__)

#: Seconds that each piece of work at the end of a connection may take.
END_DEADLINE_S = 5.0
#: Seconds between two looks whether a person may still be here.
RECHECK_S = 30.0
#: Seconds after a look that failed.
RECHECK_AGAIN_S = 5.0
#: Connections of one kind that a person may have to one process: tabs, and lines that are not yet noticed to be lost.
MOST_CONNECTIONS = 10


def signed_out() -> Refused:
    return Refused("signed_out", _("You are signed out. Sign in again to go on."))


def too_many() -> Refused:
    text = _("You have this page open too many times. Close some of its tabs, then try again.")
    return Refused("too_many", text)


def gone() -> Refused:
    """The rows of what this connection is about have been deleted, and so nobody is asked whether one may stay."""
    return Refused("gone", _("This event has been deleted. Go back to your events."))


#: By kind of consumer and person: how many are open to this process.
_connections: Counter[tuple[type, int]] = Counter()


async def _count_out(kind: tuple[type, int]) -> None:
    _connections[kind] -= 1
    if not _connections[kind]:
        del _connections[kind]


class WireConsumer(AsyncWebsocketConsumer):
    """Subclasses say who may come in (`enter`), and carry out commands (methods marked with `@command`).

    A consumer does one thing after the other. While it does nothing, notices for its page go past it (`way`); what
    comes while it is at work waits for it, so a snapshot and the notices around it keep their order.
    """

    registry: ClassVar[Registry] = {}
    _works_on_all: ClassVar[bool] = False
    inside = False
    #: Until a look that failed is made again.
    _again: asyncio.TimerHandle | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.registry = commands.registry_of(cls)
        cls._works_on_all = cls.pass_on is not WireConsumer.pass_on and cls.way is WireConsumer.way

    @property
    def user(self) -> Any:
        """The signed-in person; `connect` turns everybody else away."""
        return self.scope.get("user")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        # Nobody sends to one connection by its name, so it takes no channel of the layer: that would be a subscription
        # in Redis for each. The name is for those who count connections.
        self.channel_name = uuid4().hex
        self._at_end: list[Callable[[], Awaitable[object]]] = []
        self._mail = Mail(self, outlet_of(scope))
        try:
            with suppress(StopConsumer):
                await await_many_dispatch([receive, self._next_mail], self.dispatch)  # type: ignore[list-item]
        finally:
            # Here and not in `disconnect`, which Channels does not call when a handler raised, nor when the
            # server cancels us because a command outlasts its connection.
            await asyncio.shield(self._end())

    async def dispatch(self, message: dict[str, Any]) -> None:
        """One thing after the other.

        Not Channels' own, which asks the one thread of the database to close what is old before each message, behind
        all that others want of it: our calls do that themselves, in the same breath.
        """
        self._mail.hold()
        try:
            await getattr(self, get_handler_name(message))(message)
        finally:
            self._mail.release()

    # --- Coming in ----------------------------
    async def connect(self) -> None:
        user = self.user
        # Accepted first: a browser shows a page nothing of a refused handshake, not even the reason.
        await self.accept()
        if user is None or not user.is_authenticated:
            await self.turn_away(CLOSE_SIGNED_OUT, signed_out())
            return
        if not self._count_in():
            await self.turn_away(CLOSE_TOO_FAST, too_many())
            return
        self._paces = commands.paces_of(user.pk)
        # First: what changes while we look is told behind it.
        await self.join(groups.user(user.pk))
        try:
            await self.enter()
        except Refused as refusal:
            await self.turn_away(CLOSE_FORBIDDEN, refusal)
            return
        self.inside = True
        self._rechecks = asyncio.create_task(self._recheck_forever())
        self.at_end(self._stop_rechecking)

    def _count_in(self) -> bool:
        """False: this person has too many of these already."""
        kind = (type(self), self.user.pk)
        if _connections[kind] >= MOST_CONNECTIONS:
            return False
        _connections[kind] += 1
        self.at_end(lambda: _count_out(kind))
        return True

    async def enter(self) -> None:
        """Checks who comes, joins the groups, then sends the snapshot. Raises Refused.

        What it begins it gives to `at_end`, at once: it may be the next line that fails.
        """
        raise NotImplementedError

    async def join(self, group: str) -> None:
        self.at_end(lambda: fanout.part(group, self._mail))
        await fanout.join(group, self._mail)

    async def part(self, group: str) -> None:
        """Hears nothing more of this group."""
        await fanout.part(group, self._mail)

    # --- Whether one may still be here ----------------------------
    async def recheck(self) -> None:
        """Asked again and again while the connection lives. Raises Refused if the person may not be here any more."""

    async def _recheck_forever(self) -> None:
        """Changes are told at once (`AccessChanged`); this is for those that nobody tells, a session that expires."""
        while True:
            await asyncio.sleep(RECHECK_S * random.uniform(0.8, 1.2))  # noqa: S311 - only not all at once
            self._recheck_in_turn()

    def _recheck_in_turn(self) -> None:
        """With the commands and the notices: a snapshot that it sends stands between those that it stands between."""
        self._mail.hear(told(AccessChanged()))

    async def recheck_now(self) -> None:
        """In a turn of ours. Puts out whoever may not be here any more."""
        if not self.inside:
            return
        try:
            if not await database_sync_to_async(is_still_signed_in)(self.scope.get("session")):
                await self.put_out(CLOSE_SIGNED_OUT, signed_out())
                return
            await self.recheck()
        except Refused as refusal:
            await self.put_out(CLOSE_FORBIDDEN, refusal)
        except ObjectDoesNotExist:
            await self.put_out(CLOSE_FORBIDDEN, gone())
        except Exception:
            # The database may be away for a moment.
            log.exception("recheck_failed")
            self._recheck_again()

    def _recheck_again(self) -> None:
        if self._again is not None:
            self._again.cancel()
        loop = asyncio.get_running_loop()
        self._again = loop.call_later(RECHECK_AGAIN_S, self._recheck_in_turn)

    async def _stop_rechecking(self) -> None:
        self._rechecks.cancel()
        if self._again is not None:
            self._again.cancel()

    # --- What the groups tell ----------------------------
    def way(self, kind: str) -> Way:
        """Asked of a notice by its type, as it comes, so it only looks at what it has.

        A kind that went to the page is not asked of again until the next turn: what this looks at changes in turns.
        """
        return Way.WORK if self._works_on_all else Way.PAGE

    async def _next_mail(self) -> dict[str, Any]:
        await self._mail.wait()
        return {"type": "notice"}

    async def notice(self, _message: dict[str, Any]) -> None:
        """A turn for the first of the mail; the others get theirs between commands."""
        await self._mail.read_first()

    async def pass_on(self, message: dict[str, Any]) -> None:
        """A notice whose way is WORK. To the page, if nothing else is said."""
        await self.send(text_data=message["frame"])

    async def catch_up(self) -> None:
        """Notices may have been lost: by default the page asks anew for what it shows."""
        await self.send_notice(CatchUp())

    async def send_notice(self, notice: Notice, revision: int | None = None) -> None:
        await self.send(text_data=codec.encode_notice(notice, revision))

    # --- What the page asks ----------------------------
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.inside:
            return
        try:
            envelope = commands.read(text_data)
            commands.check_pace(self._paces, self.registry, envelope)
        except Unreadable as refusal:
            await self.turn_away(refusal.close_code, refusal)
        except Refused as refusal:
            await self.put_out(CLOSE_TOO_FAST, refusal)
        else:
            await self.send(text_data=await self.answer(envelope))

    async def answer(self, envelope: codec.Envelope) -> str:
        """Carries the command out and encodes its one reply."""
        return await commands.answer(self, self.registry, envelope)

    # --- Ending ----------------------------
    async def turn_away(self, close_code: int, refusal: Refused) -> None:
        await self.send(text_data=codec.encode_error(None, refusal.code, refusal.text))
        await self.close(close_code)

    async def put_out(self, close_code: int, refusal: Refused) -> None:
        """Turned away, and from now on told nothing and not listened to."""
        self._be_outside()
        await self.turn_away(close_code, refusal)

    def _be_outside(self) -> None:
        self.inside = False
        self._mail.ask_again()

    def at_end(self, work: Callable[[], Awaitable[object]]) -> None:
        """To be done when this connection ends, in whatever way; the last given is done first."""
        self._at_end.append(work)

    async def _end(self) -> None:
        self._be_outside()
        while self._at_end:
            work = self._at_end.pop()
            try:
                async with asyncio.timeout(END_DEADLINE_S):
                    await work()
            except Exception:
                # One thing that cannot be ended must not keep the others from ending.
                log.exception("end_failed")


class UnknownSocket(AsyncWebsocketConsumer):
    """Any other address: refused at the handshake, instead of an exception in the log."""

    async def connect(self) -> None:
        await self.close()
