"""Notices between processes: as they were, in their order, and as frames that a client of WebSocket reads."""

import pytest
from websockets.frames import Frame, Opcode
from websockets.streams import StreamReader

from hopin_backstage.realtime.frames import binary_frame, text_frame
from hopin_backstage.realtime.told import Told, at_once, pack, unpack


def read(data: bytes) -> list[tuple[Opcode, bytes]]:
    stream = StreamReader()
    stream.feed_data(data)
    found = []
    while stream.buffer:
        parsing = Frame.parse(stream.read_exact, mask=False)
        try:
            next(parsing)
        except StopIteration as parsed:
            found.append((parsed.value.opcode, bytes(parsed.value.data)))
        else:
            raise AssertionError("half a frame")
    return found


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_frame_of_every_length_is_read_as_it_was(length: int) -> None:
    assert read(text_frame(b"x" * length)) == [(Opcode.TEXT, b"x" * length)]
    assert read(binary_frame(b"\0" * length)) == [(Opcode.BINARY, b"\0" * length)]


def test_a_notice_comes_out_of_redis_as_it_went_in() -> None:
    came = unpack(pack(Told("room.said", b'{"text":"two\\nlines"}\n')))
    assert (came.kind, came.text) == ("room.said", b'{"text":"two\\nlines"}\n')


def test_several_at_once_are_their_frames_one_behind_the_other() -> None:
    together = at_once([Told("a", b"1"), Told("a", b"2")])
    assert read(together.frame) == [(Opcode.TEXT, b"1"), (Opcode.TEXT, b"2")]
    assert [part.message["frame"] for part in together.parts] == ["1", "2"]
