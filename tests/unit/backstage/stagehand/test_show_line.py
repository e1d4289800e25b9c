"""One show's line over real loopback sockets: what a cut destroys, and in which order that is told."""

import asyncio
import socket
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from backstage.messages import Layout
from backstage.stagehand.show_line import Aired, Ended, Outcome, ShowLine, WentOnAir
from janus.delay_line.black import BLACK_KEYFRAME

DELAY_S = 0.3
DEADLINE_S = 10.0
HOST = "127.0.0.1"
BLACK = -1


SSRC = b"\xca\x3e\x7a\x00"


def rtp(number: int) -> bytes:
    """A frame of its own."""
    return b"\x80\xe0" + number.to_bytes(2, "big") + (number + 1).to_bytes(4, "big") + SSRC + bytes(20)


class Show:
    """An open line that takes in slot 1, and the mountpoint it goes to."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self._told = asyncio.Event()
        self.line = ShowLine(DELAY_S, HOST, self._tell)
        self._camera = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._mountpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._mountpoint.setblocking(False)
        self._mountpoint.bind((HOST, 0))

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._told.set()

    async def open(self) -> None:
        await self.line.open()
        self.line.connect({"v1": self._mountpoint.getsockname()[1]}, HOST)

    def begin(self) -> object:
        broadcast = uuid4()
        self.line.begin(broadcast)
        self.line.put_layout(Layout(live=True))
        self.line.accept(1, 11)
        return broadcast

    def send(self, *numbers: int) -> None:
        """On loopback they have arrived in the line's kernel buffer when this returns."""
        for number in numbers:
            self._camera.sendto(rtp(number), (HOST, self.line.observed().inputs["v1"]))

    def aired(self) -> list[int]:
        """The packets that the mountpoint has had since the last asking; `BLACK` in their place, once for each row."""
        numbers: list[int] = []
        while True:
            try:
                packet = self._mountpoint.recv(2048)
            except BlockingIOError:
                return numbers
            if packet[8:12] == SSRC:
                numbers.append(int.from_bytes(packet[2:4], "big"))
            elif numbers[-1:] != [BLACK]:
                assert packet.endswith(BLACK_KEYFRAME)
                numbers.append(BLACK)

    async def until_told(self, kind: type[Outcome], count: int = 1) -> None:
        async with asyncio.timeout(DEADLINE_S):
            while sum(isinstance(each, kind) for each in self.outcomes) < count:
                self._told.clear()
                await self._told.wait()

    async def close(self) -> None:
        await self.line.close()
        self._camera.close()
        self._mountpoint.close()


@pytest.fixture
async def show() -> AsyncIterator[Show]:
    opened = Show()
    await opened.open()
    yield opened
    await opened.close()


async def play_out(show: Show, last: int) -> list[int]:
    """A new broadcast, until its own packet has come out: everything before it had its time by then."""
    broadcast = show.begin()
    show.send(last)
    before = sum(isinstance(each, WentOnAir) for each in show.outcomes)
    await show.until_told(WentOnAir, before + 1)
    assert show.outcomes[-1].broadcast_id == broadcast
    return show.aired()


async def test_what_is_held_and_what_waits_in_the_kernel_never_comes_out(show: Show) -> None:
    broadcast = show.begin()
    show.send(1, 2)
    await asyncio.sleep(0)  # the line may read these
    show.send(3, 4)  # these still wait in the kernel
    show.line.cut([broadcast])
    show.send(5, 6)  # the forward goes on for a moment

    assert await play_out(show, 7) == [BLACK, 7]
    assert [each for each in show.outcomes if isinstance(each, Aired)] == [
        Aired(Layout()),
        Aired(Layout(live=True)),
    ], "no layout of the destroyed seconds is aired, and the cut's own says off air"


async def test_what_a_forward_sends_between_the_cut_and_the_next_begin_stays_out(show: Show) -> None:
    show.line.cut([show.begin()])
    for number in range(20):
        show.send(number)
        await asyncio.sleep(0.001)
    assert await play_out(show, 99) == [BLACK, 99]


async def test_a_cut_is_told_behind_everything_that_was_told_before_it(show: Show) -> None:
    broadcast = show.begin()
    show.send(1)
    await show.until_told(WentOnAir)
    told = list(show.outcomes)
    show.line.cut([broadcast])
    assert show.outcomes[: len(told)] == told
    off, ended = show.outcomes[len(told) :]
    assert off == Aired(Layout())
    assert isinstance(ended, Ended)
    assert ended.broadcast_id == broadcast


async def test_cut_between_the_mark_and_the_first_packet_says_nobody_is_live(show: Show) -> None:
    broadcast = show.begin()
    await show.until_told(Aired)
    show.line.cut([broadcast])
    await play_out(show, 1)
    assert broadcast not in [each.broadcast_id for each in show.outcomes if isinstance(each, WentOnAir)]


async def test_after_a_cut_the_line_remembers_only_that(show: Show) -> None:
    first, second = show.begin(), None
    show.line.finish(first, last=True)
    second = show.begin()
    show.line.cut([first, second])
    observed = show.line.observed()
    assert observed.cut == {first, second}
    assert (observed.begun, observed.finished, observed.accepting, observed.layout) == (
        frozenset(),
        frozenset(),
        {},
        None,
    )
    assert [each.broadcast_id for each in show.outcomes if isinstance(each, Ended)] == [first, second]


async def test_of_one_that_was_cut_nothing_begins_or_ends_whoever_still_thought_so(show: Show) -> None:
    broadcast = show.begin()
    show.line.cut([broadcast])
    told = list(show.outcomes)
    show.line.begin(broadcast)
    show.line.finish(broadcast, last=True)
    observed = show.line.observed()
    assert (observed.begun, observed.finished) == (frozenset(), frozenset())
    await play_out(show, 1)
    assert [each for each in show.outcomes[len(told) :] if isinstance(each, Ended)] == []


async def test_the_same_cut_a_second_time_spares_what_began_meanwhile(show: Show) -> None:
    first = show.begin()
    show.line.cut([first])
    second = show.begin()
    show.send(1)
    show.line.cut([first])
    await show.until_told(WentOnAir)
    assert show.outcomes[-1].broadcast_id == second
    assert [each.broadcast_id for each in show.outcomes if isinstance(each, Ended)] == [first]


async def test_behind_its_last_end_a_show_is_black_and_not_between_two(show: Show) -> None:
    first = show.begin()
    show.send(1)
    show.line.finish(first, last=False)
    second = show.begin()
    show.send(2)
    show.line.finish(second, last=True)
    await show.until_told(Ended, 2)
    assert show.aired() == [1, 2, BLACK]


async def test_black_is_no_first_packet(show: Show) -> None:
    first = show.begin()
    await show.until_told(Aired)
    show.line.cut([first])
    second = show.begin()
    show.line.finish(second, last=True)
    await show.until_told(Ended, 2)
    assert not any(isinstance(each, WentOnAir) for each in show.outcomes)
