"""What a page asks: which commands a consumer carries out, how fast one may ask, and the one answer to each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

import msgspec
import structlog
from django.utils.translation import gettext as _

from hopin_backstage.realtime import codec, pace
from hopin_backstage.realtime.close_codes import CLOSE_NOT_UNDERSTOOD, CLOSE_TOO_LARGE
from hopin_backstage.realtime.codec import Command, Envelope
from hopin_backstage.realtime.errors import Refused
from hopin_backstage.realtime.pace import Pace

log = structlog.get_logger(__name__)

#: Seconds after which a command is answered with `timeout`, whatever became of it.
COMMAND_DEADLINE_S = 10.0
#: What one connection may ask at once, and a second from then on, in commands' costs: setting up media takes about
#: fifty, and is tried again and again while Janus begins anew. And all connections of a person together, who may
#: have several tabs.
PACE_BURST, PACE_PER_S = 320, 20.0
PERSON_BURST, PERSON_PER_S = 900, 40.0

Handler = Callable[[Any, Any], Awaitable[msgspec.Struct | None]]
H = TypeVar("H", bound=Handler)
#: By the command's type.
Registry = dict[str, tuple[type[Command], Handler]]


def command(kind: type[Command]) -> Callable[[H], H]:
    """Marks a consumer's method as the one that carries out commands of this kind.

    The method returns the body of the `ok` (or None for an empty one), or raises Refused.
    """

    def mark(method: H) -> H:
        method.carries_out = kind  # type: ignore[attr-defined]
        return method

    return mark


def registry_of(consumer: type) -> Registry:
    """Of the marked methods, inherited ones too."""
    methods = [getattr(consumer, name) for name in dir(consumer)]
    marked = [method for method in methods if hasattr(method, "carries_out")]
    return {method.carries_out.wire_type: (method.carries_out, method) for method in marked}


# --- What comes ----------------------------
class Unreadable(Refused):
    """It is no command. Who sends such things is told so, and the connection ends with `close_code`."""

    def __init__(self, close_code: int, refusal: Refused) -> None:
        super().__init__(refusal.code, refusal.text)
        self.close_code = close_code


def not_understood() -> Refused:
    return Refused("not_understood", _("This page sent something that was not understood."))


def read(text: str | None) -> Envelope:
    """None: it was no text. Raises Unreadable."""
    if text is None or len(text) > codec.LONGEST_COMMAND:
        raise Unreadable(CLOSE_TOO_LARGE, Refused("too_large", _("This message is too large.")))
    try:
        return codec.decode_envelope(text)
    except codec.NotUnderstood as error:
        raise Unreadable(CLOSE_NOT_UNDERSTOOD, not_understood()) from error


def paces_of(person: int) -> tuple[Pace, ...]:
    """Those that a new connection of this person has to keep to: its own, and that of all of them."""
    return Pace(PACE_BURST, PACE_PER_S), pace.of_person(person, PERSON_BURST, PERSON_PER_S)


def check_pace(paces: Iterable[Pace], registry: Registry, envelope: Envelope) -> None:
    """Takes the command's cost. Raises Refused `too_fast`."""
    kind, _handler = registry.get(envelope.type, (Command, None))
    if not all(each.allows(kind.cost) for each in paces):
        raise Refused("too_fast", _("This page sent too much at once."))


# --- What is answered ----------------------------
async def answer(consumer: Any, registry: Registry, envelope: Envelope) -> str:
    """Carries the command out and encodes its one reply: the person gets one whatever breaks."""
    try:
        body = await _carry_out(consumer, registry, envelope)
    except codec.NotUnderstood:
        return _error(envelope, not_understood())
    except Refused as refusal:
        return _error(envelope, refusal)
    except TimeoutError:
        log.warning("command_timed_out", command=envelope.type)
        return _error(envelope, Refused("timeout", _("This took too long. Try again.")))
    except Exception:
        log.exception("command_failed", command=envelope.type)
        return _error(envelope, Refused("failed", _("Something went wrong on our side. Try again.")))
    return codec.encode_ok(envelope.id, body)


async def _carry_out(consumer: Any, registry: Registry, envelope: Envelope) -> msgspec.Struct | None:
    """Raises NotUnderstood, Refused, TimeoutError, and what the handler raises."""
    if envelope.type not in registry:
        raise Refused("unknown_command", _("This page asked for something unknown."))
    kind, handler = registry[envelope.type]
    body = codec.decode_body(kind, envelope.body)
    async with asyncio.timeout(COMMAND_DEADLINE_S):
        return await handler(consumer, body)


def _error(envelope: Envelope, refusal: Refused) -> str:
    return codec.encode_error(envelope.id, refusal.code, refusal.text)
