"""Properties of the delay buffer: no clock, no sockets, so thousands of histories in a second."""

import gc
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from janus.delay_line import Bound, CutReport, DelayBuffer, LayoutChange

DELAY_S = 12.0
PACKET_BYTES = 1100


def packet(number: int) -> tuple[int, bytes]:
    return (number % 10, number.to_bytes(4, "big"))


@pytest.mark.parametrize("delay_s", [0, -1, 60.001, float("nan"), float("inf")])
def test_a_delay_outside_0_to_60_seconds_is_refused(delay_s: float) -> None:
    with pytest.raises(ValueError, match="delay_s"):
        DelayBuffer(delay_s)


@pytest.mark.parametrize("bound", ["max_packets", "max_bytes", "max_layouts"])
def test_a_bound_below_one_is_refused(bound: str) -> None:
    with pytest.raises(ValueError, match="bound"):
        DelayBuffer(DELAY_S, **{bound: 0})


def test_an_empty_buffer_has_nothing_due() -> None:
    buffer = DelayBuffer(DELAY_S)
    assert buffer.next_due_s() is None
    assert list(buffer.due(1e9)) == []
    assert buffer.cut() == CutReport(0, 0)


def test_out_exactly_when_the_delay_is_over_and_not_before() -> None:
    buffer = DelayBuffer(DELAY_S)
    buffer.push(packet(1), 100.0, PACKET_BYTES)
    assert buffer.next_due_s() == 112.0
    assert list(buffer.due(111.999)) == []
    assert list(buffer.due(112.0)) == [(packet(1), 0.0)]


def test_a_layout_keeps_its_place_between_packets_of_the_same_instant() -> None:
    buffer = DelayBuffer(DELAY_S)
    entries = [packet(1), LayoutChange("on air"), packet(2), LayoutChange("off air")]
    for entry in entries:
        buffer.push(entry, 5.0, PACKET_BYTES)
    assert [entry for entry, _ in buffer.due(17.0)] == entries


def test_a_cut_in_the_middle_of_a_batch_destroys_the_rest_of_it() -> None:
    buffer = DelayBuffer(DELAY_S)
    for number in range(3):
        buffer.push(packet(number), 0.0, PACKET_BYTES)
    batch = buffer.due(DELAY_S)
    assert next(batch)[0] == packet(0)
    assert buffer.cut() == CutReport(entries=2, bytes=2 * PACKET_BYTES)
    assert list(batch) == []


def test_lateness_is_summed_up_over_a_bounded_window() -> None:
    buffer = DelayBuffer(1.0, max_packets=100_000)
    buffer.push(packet(0), 0.0, 1)
    list(buffer.due(1000.0))  # very late, but long ago once the window has moved on
    for number in range(10_000):
        buffer.push(packet(number), 2000.0, 1)
    list(buffer.due(2001.25))
    lateness = buffer.stats().lateness
    assert (lateness.p50_s, lateness.p99_s, lateness.max_s) == (0.25, 0.25, 0.25)
    assert lateness.entries == 8192


def test_percentiles_tell_the_usual_from_the_worst() -> None:
    buffer = DelayBuffer(1.0)
    for number in range(100):
        buffer.push(packet(number), float(number), 1)
        list(buffer.due(number + 1.0 + number / 128))
    lateness = buffer.stats().lateness
    assert (lateness.p50_s, lateness.p99_s, lateness.max_s) == (50 / 128, 99 / 128, 99 / 128)


def test_a_bound_is_said_once_until_the_buffer_has_clearly_emptied() -> None:
    said: list[Bound] = []
    buffer = DelayBuffer(1.0, max_packets=8, on_bound=said.append)
    for number in range(20):
        buffer.push(packet(number), float(number) / 100, 1)
    assert said == ["packets"]

    list(buffer.due(1.0))  # one leaves, one comes, two are refused: still the same episode
    for number in range(3):
        buffer.push(packet(number), 1.0, 1)
    assert said == ["packets"]
    assert buffer.bounds_reached == {"packets"}

    list(buffer.due(1.02))
    assert len(buffer) == 6
    assert buffer.bounds_reached == {"packets"}, "three quarters full is not yet below them"
    list(buffer.due(1.03))
    assert buffer.bounds_reached == frozenset()

    for number in range(20):
        buffer.push(packet(number), 2.0, 1)
    assert said == ["packets", "packets"]
    assert buffer.stats().bound_episodes == 2


def test_the_bound_in_bytes_refuses_what_would_pass_it_and_takes_what_fits() -> None:
    said: list[Bound] = []
    buffer = DelayBuffer(1.0, max_bytes=1000, on_bound=said.append)
    assert buffer.push(packet(0), 0.0, 900)
    assert not buffer.push(packet(1), 0.0, 101)
    assert buffer.push(packet(2), 0.0, 100)
    assert said == ["bytes"]


def test_a_full_buffer_still_takes_layouts_up_to_their_own_bound() -> None:
    said: list[Bound] = []
    buffer = DelayBuffer(1.0, max_packets=1, max_bytes=10, max_layouts=2, on_bound=said.append)
    assert buffer.push(packet(0), 0.0, 10)
    assert not buffer.push(packet(1), 0.0, 10)
    assert buffer.push(LayoutChange(1), 0.0, 10)
    assert buffer.push(LayoutChange(2), 0.0, 10)
    assert not buffer.push(LayoutChange(3), 0.0, 10)
    assert said == ["packets", "layouts"]
    stats = buffer.stats()
    assert (stats.dropped_packets, stats.dropped_layouts, stats.held_bytes) == (1, 1, 10)


def test_a_cut_ends_the_episode() -> None:
    buffer = DelayBuffer(1.0, max_packets=1)
    buffer.push(packet(0), 0.0, 1)
    buffer.push(packet(1), 0.0, 1)
    assert buffer.bounds_reached == {"packets"}
    buffer.cut()
    assert buffer.bounds_reached == frozenset()


def test_held_packets_are_nothing_to_the_garbage_collector() -> None:
    """Otherwise a full collection stops the event loop for 10 ms and more, and every packet is that late."""
    buffer = DelayBuffer(DELAY_S)
    gc.collect()
    before = len(gc.get_objects())
    for number in range(5_000):
        buffer.push(packet(number), 0.0, PACKET_BYTES)
    assert len(gc.get_objects()) - before < 500


@given(
    arrivals_s=st.lists(st.floats(0, 1000), max_size=60).map(sorted),
    looks_s=st.lists(st.floats(0, 1100), max_size=30).map(sorted),
    delay_s=st.floats(0.001, 60),
)
def test_all_comes_out_once_in_order_and_never_early(
    arrivals_s: list[float], looks_s: list[float], delay_s: float
) -> None:
    buffer = DelayBuffer(delay_s)
    waiting = deque(enumerate(arrivals_s))
    out: list[tuple[int, float]] = []
    for look_s in [*looks_s, 2000.0]:
        while waiting and waiting[0][1] <= look_s:
            number, arrival_s = waiting.popleft()
            assert buffer.push(packet(number), arrival_s, PACKET_BYTES)
        for entry, lateness_s in buffer.due(look_s):
            assert lateness_s >= 0
            out.append((int.from_bytes(entry[1], "big"), look_s))  # type: ignore[index]
        next_due_s = buffer.next_due_s()
        assert next_due_s is None or next_due_s > look_s, "what is due must not stay behind"
    assert [number for number, _ in out] == list(range(len(arrivals_s)))
    assert all(look_s >= arrivals_s[number] + delay_s for number, look_s in out)


class BufferMachine(RuleBasedStateMachine):
    """Any history of pushes, looks and cuts, against a plain list of what should be held."""

    MAX_PACKETS, MAX_BYTES, MAX_LAYOUTS = 6, 5000, 3

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Bound] = []
        self.buffer = DelayBuffer(
            DELAY_S,
            max_packets=self.MAX_PACKETS,
            max_bytes=self.MAX_BYTES,
            max_layouts=self.MAX_LAYOUTS,
            on_bound=self.said.append,
        )
        self.now_s = 0.0
        self.offered = 0
        self.dropped = 0
        self.cut = 0
        self.held: list[tuple[float, int, object]] = []
        self.out = 0

    @rule(seconds=st.floats(0, 20))
    def time_goes_by(self, seconds: float) -> None:
        self.now_s += seconds

    @rule(size_bytes=st.integers(12, 2000))
    def push_packet(self, size_bytes: int) -> None:
        packets = [size for _, size, entry in self.held if isinstance(entry, tuple)]
        fits = len(packets) < self.MAX_PACKETS and sum(packets) + size_bytes <= self.MAX_BYTES
        self._push(packet(self.offered), size_bytes, fits)

    @rule()
    def push_layout(self) -> None:
        layouts = sum(isinstance(entry, LayoutChange) for *_, entry in self.held)
        self._push(LayoutChange(self.offered), 0, layouts < self.MAX_LAYOUTS)

    def _push(self, entry: tuple[int, bytes] | LayoutChange, size_bytes: int, fits: bool) -> None:
        self.offered += 1
        assert self.buffer.push(entry, self.now_s, size_bytes) is fits
        if fits:
            self.held.append((self.now_s, size_bytes, entry))
        else:
            self.dropped += 1

    @rule()
    def take_what_is_due(self) -> None:
        expected = [entry for pushed_s, _, entry in self.held if pushed_s + DELAY_S <= self.now_s]
        assert [entry for entry, _ in self.buffer.due(self.now_s)] == expected
        self.held = self.held[len(expected) :]
        self.out += len(expected)

    @precondition(lambda self: self.held)
    @rule()
    def cut_everything(self) -> None:
        report = self.buffer.cut()
        assert report == CutReport(len(self.held), sum(size for _, size, _ in self.held))
        self.cut += report.entries
        self.held = []
        assert self.buffer.next_due_s() is None
        assert list(self.buffer.due(self.now_s + 1000)) == []

    @invariant()
    def counters_add_up(self) -> None:
        stats = self.buffer.stats()
        assert stats.accepted == stats.out + stats.cut + stats.held
        assert stats.accepted + stats.dropped_packets + stats.dropped_layouts == self.offered
        assert (stats.out, stats.cut, stats.held) == (self.out, self.cut, len(self.held))
        assert stats.held_bytes == sum(size for _, size, _ in self.held) <= self.MAX_BYTES
        assert stats.held <= self.MAX_PACKETS + self.MAX_LAYOUTS

    @invariant()
    def bounds_are_said_once(self) -> None:
        stats = self.buffer.stats()
        assert len(self.said) == stats.bound_episodes <= self.dropped
        assert stats.bounds_reached <= set(self.said)


TestBufferMachine = BufferMachine.TestCase
