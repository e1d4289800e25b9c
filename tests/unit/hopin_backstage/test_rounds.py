"""One frame to many real sockets: with one call of the kernel as with one for each."""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import NoReturn

import pytest

from hopin_backstage.realtime import rounds
from hopin_backstage.realtime.many_writes import ManyWrites
from hopin_backstage.realtime.rounds import FEWEST, write_to_all
from tests.unit.hopin_backstage.line import FRAME, Line

MANY = 3 * FEWEST
WORDS = (b"one", b"two", b"three")


class Counted(ManyWrites):
    calls = 0

    def write(self, descriptors: Sequence[int], data: bytes) -> tuple[int, dict[int, int]]:
        self.calls += 1
        return super().write(descriptors, data)


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    lines = [Line() for _ in range(MANY)]
    yield lines
    for line in lines:
        line.close()


@pytest.fixture(scope="module")
def kernel() -> Counted:
    return Counted()


@pytest.fixture(autouse=True, params=["at once", "one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, kernel: Counted) -> str:
    way: str = request.param
    monkeypatch.setattr(rounds, "_kernel", lambda: kernel if way == "at once" else None)
    return way


def write(lines: Sequence[Line], frame: bytes) -> None:
    write_to_all([line.outlet for line in lines], frame)


def open_up(lines: Sequence[Line]) -> None:
    """After the first frame it is known that nothing waits."""
    write(lines, b"first")
    assert [line.read() for line in lines] == [b"first"] * len(lines)


def test_each_is_written_it_once_and_at_once(lines: list[Line]) -> None:
    for word in WORDS:
        write(lines, word)
        assert [line.read() for line in lines] == [word] * MANY


def test_more_than_one_call_takes(monkeypatch: pytest.MonkeyPatch, lines: list[Line]) -> None:
    open_up(lines)
    monkeypatch.setattr(rounds, "MOST", FEWEST + 1)
    write(lines, b"to all")
    assert [line.read() for line in lines] == [b"to all"] * MANY


def _fill(line: Line) -> bytes:
    return FRAME * line.fill()


def _close(line: Line) -> bytes:
    line.is_open = False
    line.outlet.look_again()
    return b""


def _lose(line: Line) -> bytes:
    line.transport.connected = False
    line.transport.socket.close()
    return b""


def _hang_up(line: Line) -> bytes:
    line.page.close()
    return b""


@pytest.mark.parametrize("fault", [_fill, _close, _lose, _hang_up])
@pytest.mark.parametrize("place", [0, MANY // 2, MANY - 1])
def test_one_that_cannot_be_written_to_is_nothing_to_the_others(
    lines: list[Line], fault: Callable[[Line], bytes], place: int
) -> None:
    open_up(lines)
    fault(lines[place])
    others = [line for line in lines if line is not lines[place]]
    for word in WORDS:
        write(lines, word)
        assert [line.read() for line in others] == [word] * len(others)


def test_nothing_overtakes_what_waits_though_the_kernel_has_room_again(lines: list[Line]) -> None:
    open_up(lines)
    full = lines[2]
    frames = full.fill()
    read = full.read()
    write(lines, b"behind")
    assert full.read() == b""
    full.transport.doWrite()
    assert read + full.read() == FRAME * frames + b"behind"


def test_whoever_is_closing_is_written_nothing(lines: list[Line]) -> None:
    open_up(lines)
    _close(lines[2])
    write(lines, b"to all")
    assert lines[2].read() == b""


def test_where_nobody_knows_what_was_written_all_have_to_come_again(
    lines: list[Line], kernel: Counted, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_up(lines)

    def fails(*_: object) -> NoReturn:
        raise OSError

    monkeypatch.setattr(kernel, "_write", fails)
    write(lines, b"word")
    gone = 1 if way == "at once" else 0
    assert [line.overflows for line in lines] == [gone] * MANY
    if gone:
        # Whoever ends these connections need not say so first.
        for line in lines:
            line.is_open = False
        monkeypatch.undo()
        write(lines, b"after what nobody knows")
        assert [line.read() for line in lines] == [b""] * MANY


def test_nothing_is_lost_or_overtaken_on_one_that_takes_only_a_part(lines: list[Line]) -> None:
    open_up(lines)
    slow = lines[5]
    slow.transport.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    for word in (FRAME, b"behind", FRAME, b"last"):
        write(lines, word)
        for line in lines:
            assert line is slow or line.read() == word
        if word is FRAME:
            assert slow.outlet.waiting % len(FRAME) > 0
    read = b""
    for _ in range(1000):
        read += slow.read()
        if not slow.outlet.waiting:
            break
        slow.transport.doWrite()
    assert read + slow.read() == FRAME + b"behind" + FRAME + b"last"


def test_whoever_has_the_number_of_a_lost_socket_now_is_written_nothing(lines: list[Line]) -> None:
    open_up(lines)
    number = lines[3].transport.socket.fileno()
    _lose(lines[3])
    ours, other = socket.socketpair()
    with closing(ours), closing(other):
        assert number in (ours.fileno(), other.fileno())
        ours.setblocking(False)
        other.setblocking(False)
        write(lines, b"not for the other")
        for each in (ours, other):
            with pytest.raises(BlockingIOError):
                each.recv(100)


def test_many_take_one_call(lines: list[Line], kernel: Counted, way: str) -> None:
    open_up(lines)
    kernel.calls = 0
    for word in WORDS:
        write(lines, word)
    write(lines[: FEWEST - 1], b"to few")
    assert kernel.calls == (len(WORDS) if way == "at once" else 0)
