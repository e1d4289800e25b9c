"""A socket that takes commands, answers each exactly once, and passes on the notices of its groups."""

import asyncio
import random
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import Enum, auto
from typing import Any, ClassVar, TypeVar
from uuid import uuid4

import msgspec
import structlog
from channels.consumer import get_handler_name
from channels.db import database_sync_to_async
from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.utils import await_many_dispatch
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _

from hopin_backstage.realtime import codec, fanout, groups, pace
from hopin_backstage.realtime.access import AccessChanged, is_still_signed_in
from hopin_backstage.realtime.catch_up import CatchUp
from hopin_backstage.realtime.codec import Command, Notice
from hopin_backstage.realtime.errors import Refused
from hopin_backstage.realtime.outlet import outlet_of
from hopin_backstage.realtime.pace import Pace
from hopin_backstage.realtime.told import Told, at_once, told

log = structlog.get_logger(__name__)

#: Seconds after which a command is answered with `timeout`, whatever became of it.
COMMAND_DEADLINE_S = 10.0
#: Seconds that each piece of work at the end of a connection may take.
END_DEADLINE_S = 5.0

#: Seconds between two looks whether a person may still be here.
RECHECK_S = 30.0
#: Seconds after a look that failed.
RECHECK_AGAIN_S = 5.0
#: What one connection may ask at once, and a second from then on, in commands' costs: setting up media takes about
#: fifty, and is tried again and again while Janus begins anew. And all connections of a person together, who may
#: have several tabs.
PACE_BURST, PACE_PER_S = 320, 20.0
PERSON_BURST, PERSON_PER_S = 900, 40.0
#: Connections of one kind that a person may have to one process: tabs, and lines that are not yet noticed to be lost.
MOST_CONNECTIONS = 10
#: Notices that may wait for one consumer that is at work: more than a busy show has while one command may last.
MOST_MAIL = 2000

#: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.2 leaves 4000 to 4999 to applications.
CLOSE_NOT_UNDERSTOOD, CLOSE_SIGNED_OUT, CLOSE_FORBIDDEN, CLOSE_TOO_LARGE = 4400, 4401, 4403, 4413
CLOSE_TOO_FAST = 4429
#: Does not take what it is told.
CLOSE_TOO_SLOW = 4408


def signed_out() -> Refused:
    return Refused("signed_out", _("You are signed out. Sign in again to go on."))


def too_slow() -> Refused:
    return Refused(
        "too_slow", _("More happened here than this page could be told. It connects again by itself.")
    )


def gone() -> Refused:
    """The rows of what this connection is about have been deleted, and so nobody is asked whether one may stay."""
    return Refused("gone", _("This event has been deleted. Go back to your events."))


Handler = Callable[[Any, Any], Awaitable[msgspec.Struct | None]]
H = TypeVar("H", bound=Handler)


def command(kind: type[Command]) -> Callable[[H], H]:
    """Marks a consumer's method as the one that carries out commands of this kind.

    The method returns the body of the `ok` (or None for an empty one), or raises Refused.
    """

    def mark(method: H) -> H:
        method.carries_out = kind  # type: ignore[attr-defined]
        return method

    return mark


#: By kind of consumer and person: how many are open to this process.
_connections: Counter[tuple[type, int]] = Counter()


async def _count_out(kind: tuple[type, int]) -> None:
    _connections[kind] -= 1
    if not _connections[kind]:
        del _connections[kind]


class Way(Enum):
    """What becomes of a notice that a consumer's group is told."""

    PAGE = auto()
    """To the page, as it is: written straight to its connection."""
    WORK = auto()
    """To `pass_on`, in turn with the commands."""
    NOBODY = auto()


class WireConsumer(AsyncWebsocketConsumer):
    """Subclasses say who may come in (`enter`), and carry out commands (methods marked with `@command`).

    A consumer does one thing after the other. While it does nothing, notices for its page go past it (`hear`); what
    comes while it is at work waits for it, so a snapshot and the notices around it keep their order.
    """

    registry: ClassVar[dict[str, tuple[type[Command], Handler]]] = {}
    _works_on_all: ClassVar[bool] = False
    inside = False
    #: Until a look that failed is made again.
    _again: asyncio.TimerHandle | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        methods = [getattr(cls, name) for name in dir(cls)]
        marked = [method for method in methods if hasattr(method, "carries_out")]
        cls.registry = {method.carries_out.wire_type: (method.carries_out, method) for method in marked}
        cls._works_on_all = cls.pass_on is not WireConsumer.pass_on and cls.way is WireConsumer.way

    @property
    def user(self) -> Any:
        """The signed-in person; `connect` turns everybody else away."""
        return self.scope.get("user")

    async def connect(self) -> None:
        user = self.user
        # Accepted first: a browser shows a page nothing of a refused handshake, not even the reason.
        await self.accept()
        if user is None or not user.is_authenticated:
            refusal = signed_out()
            await self.turn_away(CLOSE_SIGNED_OUT, refusal.code, refusal.text)
            return
        if not self._count_in():
            text = _("You have this page open too many times. Close some of its tabs, then try again.")
            await self.turn_away(CLOSE_TOO_FAST, "too_many", text)
            return
        self._paces = Pace(PACE_BURST, PACE_PER_S), pace.of_person(user.pk, PERSON_BURST, PERSON_PER_S)
        # First: what changes while we look is told behind it.
        await self.join(groups.user(user.pk))
        try:
            await self.enter()
        except Refused as refusal:
            await self.turn_away(CLOSE_FORBIDDEN, refusal.code, refusal.text)
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

    async def _stop_rechecking(self) -> None:
        self._rechecks.cancel()
        if self._again is not None:
            self._again.cancel()

    async def _recheck_forever(self) -> None:
        """Changes are told at once (`AccessChanged`); this is for those that nobody tells, a session that expires."""
        while True:
            await asyncio.sleep(RECHECK_S * random.uniform(0.8, 1.2))  # noqa: S311 - only not all at once
            self._recheck_in_turn()

    def _recheck_in_turn(self) -> None:
        """With the commands and the notices: a snapshot that it sends stands between those that it stands between."""
        self.hear(told(AccessChanged()))

    async def _recheck_now(self) -> None:
        if not self.inside:
            return
        try:
            if not await database_sync_to_async(is_still_signed_in)(self.scope.get("session")):
                await self._put_out(CLOSE_SIGNED_OUT, signed_out())
                return
            await self.recheck()
        except Refused as refusal:
            await self._put_out(CLOSE_FORBIDDEN, refusal)
        except ObjectDoesNotExist:
            await self._put_out(CLOSE_FORBIDDEN, gone())
        except Exception:
            # The database may be away for a moment.
            log.exception("recheck_failed")
            if self._again is not None:
                self._again.cancel()
            loop = asyncio.get_running_loop()
            self._again = loop.call_later(RECHECK_AGAIN_S, self._recheck_in_turn)

    async def _put_out(self, close_code: int, refusal: Refused) -> None:
        self.inside = False
        await self.turn_away(close_code, refusal.code, refusal.text)

    async def recheck(self) -> None:
        """Asked again and again while the connection lives. Raises Refused if the person may not be here any more."""

    async def enter(self) -> None:
        """Checks who comes, joins the groups, then sends the snapshot. Raises Refused.

        What it begins it gives to `at_end`, at once: it may be the next line that fails.
        """
        raise NotImplementedError

    def at_end(self, work: Callable[[], Awaitable[object]]) -> None:
        """To be done when this connection ends, in whatever way; the last given is done first."""
        self._at_end.append(work)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        # Nobody sends to one connection by its name, so it takes no channel of the layer: that would be a subscription
        # in Redis for each. The name is for those who count connections.
        self.channel_name = uuid4().hex
        self._at_end: list[Callable[[], Awaitable[object]]] = []
        self._outlet = outlet_of(scope)
        self._mail: deque[Told] = deque()
        self._has_mail = asyncio.Event()
        self._is_at_work = False
        self._giving_up: asyncio.Task[None] | None = None
        try:
            with suppress(StopConsumer):
                await await_many_dispatch([receive, self._next_mail], self.dispatch)  # type: ignore[list-item]
        finally:
            # Here and not in `disconnect`, which Channels does not call when a handler raised, nor when the
            # server cancels us because a command outlasts its connection.
            await asyncio.shield(self._end())

    async def _end(self) -> None:
        self.inside = False
        while self._at_end:
            work = self._at_end.pop()
            try:
                async with asyncio.timeout(END_DEADLINE_S):
                    await work()
            except Exception:
                # One thing that cannot be ended must not keep the others from ending.
                log.exception("end_failed")

    async def join(self, group: str) -> None:
        self.at_end(lambda: fanout.part(group, self))
        await fanout.join(group, self)

    async def part(self, group: str) -> None:
        """Hears nothing more of this group."""
        await fanout.part(group, self)

    async def turn_away(self, close_code: int, code: str, text: str) -> None:
        await self.send(text_data=codec.encode_error(None, code, text))
        await self.close(close_code)

    async def send_notice(self, notice: Notice, revision: int | None = None) -> None:
        await self.send(text_data=codec.encode_notice(notice, revision))

    # --- What the groups are told ----------------------------
    def way(self, kind: str) -> Way:
        """Asked of each notice by its type, as it comes: for each connection, so it only looks at what it has."""
        return Way.WORK if self._works_on_all else Way.PAGE

    def hear(self, notice: Told) -> None:
        """The fan-out brings a notice of one of our groups."""
        if self._is_at_work or self._mail or self._is_work(notice):
            self._post(notice)
        else:
            self._write(notice)

    def _is_work(self, notice: Told) -> bool:
        """It takes the consumer itself. Without an outlet everything does."""
        return notice.is_for_consumers or self._outlet is None or self.way(notice.kind) is Way.WORK

    def _write(self, notice: Told) -> None:
        if self._outlet is not None and self.inside and self.way(notice.kind) is Way.PAGE:
            self._outlet.write(notice.frame)

    async def dispatch(self, message: dict[str, Any]) -> None:
        """One thing after the other.

        Not Channels' own, which asks the one thread of the database to close what is old before each message, behind
        all that others want of it: our calls do that themselves, in the same breath.
        """
        self._is_at_work = True
        try:
            await getattr(self, get_handler_name(message))(message)
        finally:
            self._is_at_work = False
            self._write_mail()

    # --- Mail: notices that need work, or came while we were at work ----------------------------
    def _post(self, notice: Told) -> None:
        if len(self._mail) > MOST_MAIL:
            # What follows could not be all: the page comes again, and gets a snapshot.
            self._giving_up = self._giving_up or asyncio.create_task(
                self._put_out(CLOSE_TOO_SLOW, too_slow())
            )
            return
        self._mail.extend(notice.parts)
        self._has_mail.set()

    async def _next_mail(self) -> dict[str, Any]:
        await self._has_mail.wait()
        return {"type": "notice"}

    def _write_mail(self) -> None:
        """What waited and needs no work, up to the first that does."""
        plain = []
        while self._mail and not self._is_work(self._mail[0]):
            notice = self._mail.popleft()
            if self.way(notice.kind) is Way.PAGE:
                plain.append(notice)
        if plain and self.inside and self._outlet is not None:
            self._outlet.write(at_once(plain).frame)
        if not self._mail:
            self._has_mail.clear()

    async def notice(self, _message: dict[str, Any]) -> None:
        """The first of the mail; the others get their turn between commands."""
        if not self._mail:
            return
        notice = self._mail.popleft()
        if notice.kind == AccessChanged.wire_type:
            await self._recheck_now()
        elif notice.kind == CatchUp.wire_type:
            # That this person may not be here any more may be among what was missed.
            await self._recheck_now()
            if self.inside:
                await self.catch_up()
        elif self.inside:
            way = self.way(notice.kind)
            if way is Way.WORK:
                await self._pass_on_safely(notice)
            elif way is Way.PAGE:
                await self.send(text_data=notice.message["frame"])

    async def _pass_on_safely(self, notice: Told) -> None:
        try:
            await self.pass_on(notice.message)
        except StopConsumer:
            raise
        except Exception:
            # The database may be away for a moment; the next recheck finds what has changed.
            log.exception("notice_failed", kind=notice.kind)

    async def pass_on(self, message: dict[str, Any]) -> None:
        """A notice whose way is WORK. To the page, if nothing else is said."""
        await self.send(text_data=message["frame"])

    async def catch_up(self) -> None:
        """Notices may have been lost: by default the page asks anew for what it shows."""
        await self.send_notice(CatchUp())

    # --- What the page asks ----------------------------
    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.inside:
            return
        if text_data is None or len(text_data) > codec.LONGEST_COMMAND:
            await self.turn_away(CLOSE_TOO_LARGE, "too_large", _("This message is too large."))
            return
        try:
            envelope = codec.decode_envelope(text_data)
        except codec.NotUnderstood:
            await self.turn_away(
                CLOSE_NOT_UNDERSTOOD, "not_understood", _("This page sent something that was not understood.")
            )
            return
        kind, _handler = self.registry.get(envelope.type, (Command, None))
        if not all(each.allows(kind.cost) for each in self._paces):
            await self._put_out(CLOSE_TOO_FAST, Refused("too_fast", _("This page sent too much at once.")))
            return
        await self.send(text_data=await self.answer(envelope))

    async def answer(self, envelope: codec.Envelope) -> str:
        """Carries the command out and encodes its one reply."""
        kind, handler = self.registry.get(envelope.type, (None, None))
        if kind is None or handler is None:
            return codec.encode_error(
                envelope.id, "unknown_command", _("This page asked for something unknown.")
            )
        try:
            body = codec.decode_body(kind, envelope.body)
            async with asyncio.timeout(COMMAND_DEADLINE_S):
                result = await handler(self, body)
        except codec.NotUnderstood:
            return codec.encode_error(
                envelope.id, "not_understood", _("This page sent something that was not understood.")
            )
        except Refused as refusal:
            return codec.encode_error(envelope.id, refusal.code, refusal.text)
        except TimeoutError:
            log.warning("command_timed_out", command=envelope.type)
            return codec.encode_error(envelope.id, "timeout", _("This took too long. Try again."))
        except Exception:
            # The person gets one answer whatever breaks; the log gets the traceback.
            log.exception("command_failed", command=envelope.type)
            return codec.encode_error(
                envelope.id, "failed", _("Something went wrong on our side. Try again.")
            )
        return codec.encode_ok(envelope.id, result)


class UnknownSocket(AsyncWebsocketConsumer):
    """Any other address: refused at the handshake, instead of an exception in the log."""

    async def connect(self) -> None:
        await self.close()
