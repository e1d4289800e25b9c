"""Frames of a WebSocket as a server sends them: whole, not masked. RFC 6455, 5.2. No I/O."""

import struct

_FINAL_TEXT, _FINAL_BINARY = 0x81, 0x82


def text_frame(payload: bytes) -> bytes:
    return _head(_FINAL_TEXT, len(payload)) + payload


def binary_frame(payload: bytes) -> bytes:
    return _head(_FINAL_BINARY, len(payload)) + payload


def _head(first: int, length: int) -> bytes:
    if length < 126:
        return struct.pack("!BB", first, length)
    if length < 1 << 16:
        return struct.pack("!BBH", first, 126, length)
    return struct.pack("!BBQ", first, 127, length)
