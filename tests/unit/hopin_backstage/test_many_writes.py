"""What the kernel is asked, and when it is not."""

import platform
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from hopin_backstage.realtime import rounds
from hopin_backstage.realtime.many_writes import MOST, ManyWrites, Unavailable


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, page = socket.socketpair()
    with closing(ours), closing(page):
        ours.setblocking(False)
        page.setblocking(False)
        yield ours, page


@pytest.fixture(scope="module")
def kernel() -> ManyWrites:
    """Fails where it cannot: then what others say of it says nothing."""
    return ManyWrites()


def test_as_many_as_one_call_takes_each_with_what_became_of_it(kernel: ManyWrites) -> None:
    with closing(socket.socket()) as unconnected:
        unconnected.setblocking(False)
        asked = kernel.write([unconnected.fileno()] * (MOST + 1), b"word")
    assert asked == (MOST, dict.fromkeys(range(MOST), 0))


def test_whoever_follows_a_closed_one_was_not_asked(
    kernel: ManyWrites, pair: tuple[socket.socket, socket.socket]
) -> None:
    ours, page = pair
    assert kernel.write([ours.fileno(), -1, ours.fileno()], b"word") == (1, {})
    assert page.recv(100) == b"word"
    assert kernel.write([-1, ours.fileno()], b"word") == (0, {})


def test_a_second_thread_and_another_process_are_told_that_none_was_asked(
    kernel: ManyWrites, pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, page = pair
    with kernel._is_free:  # noqa: SLF001
        assert kernel.write([ours.fileno()], b"word") == (0, {})
    with monkeypatch.context() as forked:
        forked.setattr(kernel, "_process", -1)
        assert kernel.write([ours.fileno()], b"word") == (0, {})
    assert kernel.write([ours.fileno()], b"word") == (1, {})
    assert page.recv(100) == b"word"


def test_results_that_were_never_read_are_not_taken_for_those_of_the_next(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, page = pair
    kernel = ManyWrites()
    with monkeypatch.context() as failing:
        failing.setattr(kernel, "_getevents", -1)
        with pytest.raises(OSError, match="not known"):
            kernel.write([ours.fileno()], b"first")
    assert page.recv(100) == b"first"
    assert kernel.write([ours.fileno()], b"second") == (0, {})


def test_a_machine_whose_numbers_are_not_known_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(Unavailable):
        ManyWrites()
    assert rounds._kernel.__wrapped__() is None  # noqa: SLF001
