"""The short way into a socket: of a real one, and of Twisted's transport, whose reactor does not run here."""

from collections.abc import Iterator

import pytest

from hopin_backstage.realtime.outlet import MOST_WAITING
from tests.unit.hopin_backstage.line import FRAME, Line


@pytest.fixture
def line() -> Iterator[Line]:
    line = Line()
    yield line
    line.close()


def test_what_is_written_is_there_at_once(line: Line) -> None:
    for word in (b"one", b"two", b"three"):
        line.outlet.write(word)
        assert line.read() == word


def test_nothing_overtakes_what_waits_though_the_kernel_has_room_again(line: Line) -> None:
    frames = line.fill()
    read = line.read()
    for _ in range(3):
        line.outlet.write(b"behind")
        assert line.read() == b""
    line.transport.doWrite()
    assert read + line.read() == FRAME * frames + b"behind" * 3
    line.outlet.write(b"at once again")
    assert line.read() == b"at once again"


def test_what_waits_has_a_bound_each_time(line: Line) -> None:
    line.fill()
    while not line.overflows:
        line.outlet.write(FRAME)
    assert MOST_WAITING - len(FRAME) < line.outlet.waiting <= MOST_WAITING
    line.outlet.write(FRAME)
    assert line.overflows == 2
    assert line.outlet.waiting <= MOST_WAITING


def test_a_line_that_is_closing_is_written_nothing(line: Line) -> None:
    line.outlet.write(b"before")
    line.is_open = False
    line.outlet.look_again()
    line.outlet.write(b"behind")
    assert line.read() == b"before"


def test_a_lost_line_raises_nothing(line: Line) -> None:
    line.outlet.write(b"before")
    line.transport.connected = False
    line.transport.socket.close()
    line.outlet.write(b"behind")
    assert line.outlet.waiting == 0
