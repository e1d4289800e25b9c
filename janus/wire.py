"""From Janus's objects to types."""

from typing import Any, TypeVar

import msgspec

from janus.errors import JanusError

Wanted = TypeVar("Wanted")


def understood(content: Any, wanted: type[Wanted]) -> Wanted:
    """`content` as `wanted`; JanusError, without the content, where it has another shape than Janus 1.1.2's."""
    try:
        return msgspec.convert(content, wanted)
    except msgspec.ValidationError as error:
        raise JanusError(f"Janus's answer is not understood: {error}") from None
