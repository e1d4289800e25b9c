"""Encoding and decoding of the wire. No I/O.

→ {"type":"request.accept","id":"c7","body":{"request":"…"}}
← {"type":"ok","re":"c7","body":{}}      or      {"type":"error","re":"c7","code":"stage.full","text":"…"}
← {"type":"tiles.changed","revision":42,"body":{…}}
"""

from typing import Any, ClassVar

import msgspec

#: Bytes. An SDP offer with a camera, a microphone and their candidates is under 10 kB.
LONGEST_COMMAND = 64 * 1024


class Command(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The body of a command; a subclass names its type: `class Ask(Command): wire_type = "request.ask"`."""

    wire_type: ClassVar[str]
    cost: ClassVar[int] = 1
    """In the pace of whoever sends it: what it makes of work, for us and for everybody who is told."""


class Notice(msgspec.Struct, kw_only=True):
    """The body of a notice; a subclass names its type as a command does."""

    wire_type: ClassVar[str]


class Envelope(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A command as it arrives. `id` is the page's own, unique on its connection, and comes back as `re`."""

    type: str
    id: str
    body: msgspec.Raw = msgspec.Raw(b"{}")


class NotUnderstood(ValueError):
    """The text is no command: not JSON, not the envelope, or not the body that its type asks for."""


#: JSON has no other way to write it; behind a backslash of its own it is plain text.
_NUL = rb"\u0000"
_encoder = msgspec.json.Encoder()
_envelopes = msgspec.json.Decoder(Envelope)


def decode_envelope(text: str) -> Envelope:
    """Raises NotUnderstood."""
    try:
        envelope = _envelopes.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotUnderstood(str(error)) from error
    if len(envelope.id) > 64:
        raise NotUnderstood("the id is longer than 64 characters")
    return envelope


def decode_body(kind: type[Command], body: msgspec.Raw) -> Command:
    """Raises NotUnderstood; also where a text holds U+0000, which PostgreSQL takes in none."""
    try:
        if _NUL in bytes(body) and _has_nul(msgspec.json.decode(body)):
            raise NotUnderstood("a text holds U+0000")
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise NotUnderstood(str(error)) from error


def _has_nul(found: object) -> bool:
    match found:
        case str():
            return "\0" in found
        case list():
            return any(map(_has_nul, found))
        case dict():
            return any(_has_nul(each) for pair in found.items() for each in pair)
    return False


def encode_ok(re: str, body: msgspec.Struct | None = None) -> str:
    return _text({"type": "ok", "re": re, "body": body if body is not None else {}})


def encode_error(re: str | None, code: str, text: str) -> str:
    return _text({"type": "error", "re": re, "code": code, "text": text})


def encode_notice(notice: Notice, revision: int | None = None) -> str:
    """`revision` is there for notices of which none may be missed; a gap makes the page ask for a snapshot."""
    numbered = {} if revision is None else {"revision": revision}
    return _text({"type": notice.wire_type, **numbered, "body": notice})


def _text(message: dict[str, Any]) -> str:
    return _encoder.encode(message).decode()
