"""The delay line: packets and layouts in, the same out N seconds later, in one order.

    rtp_forward ──UDP──> Input ──┐                       ┌──> Output ──UDP──> mountpoint
                                 ├──> DelayBuffer (N s) ──┤
    push_layout() ───────────────┘                       └──> on_layout()

**Which clock.** A packet's arrival is the event loop's time just after it was read, not the kernel's
receive time (SO_TIMESTAMPNS). While the loop is healthy the two differ by less than a millisecond, which
nobody sees after ten seconds of delay. If the loop stalls, packets wait in the receive buffer and are
stamped when the stall ends: those few come out together, late by at most the stall and never early, and the
next ones are on time again. Kernel stamps would keep their spacing, but need `recvmsg` and its ancillary
data for every packet, come from a clock that can step (CLOCK_REALTIME) and is not the timers', and layouts
would still be stamped here.

**What "now" means.** `push_layout`, `accept`, `drained` and `cut` first read what has already arrived. So a
packet that came in before the call is treated as before it even when the loop had not yet got round to it;
above all, a cut also destroys what was still waiting in the kernel.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from janus.delay_line.black import black_frames
from janus.delay_line.buffer import (
    DEFAULT_MAX_BYTES,
    DEFAULT_MAX_PACKETS,
    Bound,
    BufferStats,
    CutReport,
    DelayBuffer,
)
from janus.delay_line.entries import LayoutChange
from janus.delay_line.inputs import WHOLE_BACKLOG, Input, looks_like_rtp
from janus.delay_line.outputs import Address, Outputs

logger = logging.getLogger(__name__)

# One flooded input must not keep the loop from the others, nor a big batch from reading.
READ_AT_ONCE = 64
SEND_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class DelayLineStats:
    """Counts since `open()`.

    Datagrams: received = not_rtp + not_accepted + endless (of a frame without end) + what the buffer was offered.
    Packets that left the buffer, and black ones: sent + unsent (nowhere to send) + blocked (send buffer full) +
    failed. `refused` are among those sent: nobody listened on the port.
    """

    received: int
    not_rtp: int
    not_accepted: int
    endless: int
    sent: int
    unsent: int
    refused: int
    blocked: int
    failed: int
    layouts_out: int
    callback_errors: int
    buffer: BufferStats


class DelayLine:
    """One show's delay. Lives in one event loop, from `open()` to `close()`, once."""

    def __init__(
        self,
        delay_s: float,
        *,
        slots: int = 5,
        host: str = "127.0.0.1",
        max_packets: int = DEFAULT_MAX_PACKETS,
        max_bytes: int = DEFAULT_MAX_BYTES,
        on_layout: Callable[[object], None],
        on_first_packet: Callable[[], None] | None = None,
        on_bound: Callable[[Bound], None] | None = None,
    ) -> None:
        if slots < 1:
            raise ValueError("a delay line needs at least one slot")
        self._buffer = DelayBuffer(
            delay_s, max_packets=max_packets, max_bytes=max_bytes, on_bound=self._bound_reached
        )
        self._slots = slots
        self._host = host
        self._on_layout = on_layout
        self._on_first_packet = on_first_packet
        self._on_bound = on_bound
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inputs: list[Input] = []
        self._outputs = Outputs([f"{kind}{slot}" for slot in range(1, slots + 1) for kind in ("a", "v")])
        self._closed = False
        self._timer: asyncio.TimerHandle | None = None
        self._drained = asyncio.Event()
        self._drained.set()
        self._first_packet_armed = True
        self._received = 0
        self._not_rtp = 0
        self._not_accepted = 0
        self._endless = 0
        self._layouts_out = 0
        self._callback_errors = 0

    @property
    def delay_s(self) -> float:
        """Seconds between in and out."""
        return self._buffer.delay_s

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held."""
        return not self._buffer

    async def open(self) -> Mapping[str, int]:
        """Open the inputs; their ports by mid ("a1", "v1", …). All slots accept packets at first."""
        if self._loop is not None:
            raise RuntimeError("a delay line is opened once")
        self._loop = asyncio.get_running_loop()
        try:
            for slot in range(1, self._slots + 1):
                for kind in ("a", "v"):
                    self._inputs.append(Input(len(self._inputs), f"{kind}{slot}", slot, self._host))
        except OSError:
            await self.close()
            raise
        for source in self._inputs:
            self._loop.add_reader(source, self._read, source)
        return {source.mid: source.port for source in self._inputs}

    def connect(self, outputs: Mapping[str, Address] | None) -> None:
        """Send to these numeric addresses by mid, from the next packet on, at any time.

        Packets of a mid that is left out go nowhere, with None all of them. Raises ValueError for an unknown
        mid or a host name, OSError for an address that cannot be reached at all; then the old outputs stay.
        """
        self._running()
        self._outputs.connect(outputs or {})

    def push_layout(self, layout: object) -> bool:
        """Hand `layout` to `on_layout` after the delay, in its place between the packets.

        False: so many layouts are held that something is wrong, and this one was dropped.
        """
        self._take_in(self._inputs)
        accepted = self._buffer.push(LayoutChange(layout), self._running().time(), 0)
        self._arm()
        return accepted

    def accept(self, slot: int, accepting: bool) -> None:
        """Let what arrives from now on for a slot (from 1) in, or drop and count it."""
        if not 1 <= slot <= self._slots:
            raise ValueError(f"slot {slot} is not between 1 and {self._slots}")
        inputs = [source for source in self._inputs if source.slot == slot]
        self._take_in(inputs)
        for source in inputs:
            source.accepting = accepting

    def cut(self) -> CutReport:
        """Destroy everything captured so far, packets and layouts."""
        self._take_in(self._inputs)
        return self._cut_buffer()

    def blank(self) -> None:
        """Send a black picture to each video output at once, past the delay: the mountpoint keeps what it was sent
        last for whoever comes later. It is no first packet."""
        for output in self._outputs.videos():
            for packet in black_frames():
                output.send(packet)

    def arm_first_packet(self) -> None:
        """Call `on_first_packet` once more, at the next packet that goes out."""
        self._first_packet_armed = True

    async def drained(self) -> None:
        """Wait until nothing is held: `delay_s` after the last thing came in, so not while packets flow."""
        if not self._closed:
            self._take_in(self._inputs)
        while self._buffer:
            await self._drained.wait()

    def stats(self) -> DelayLineStats:
        """Everything counted so far; costs about a millisecond, ask about once a second."""
        counts = self._outputs.counts
        return DelayLineStats(
            received=self._received,
            not_rtp=self._not_rtp,
            not_accepted=self._not_accepted,
            endless=self._endless,
            sent=counts.sent,
            unsent=counts.unsent,
            refused=counts.refused,
            blocked=counts.blocked,
            failed=counts.failed,
            layouts_out=self._layouts_out,
            callback_errors=self._callback_errors,
            buffer=self._buffer.stats(),
        )

    async def close(self) -> None:
        """Close all sockets, destroy what is held, release who waits in `drained()`. May be repeated."""
        self._closed = True
        for source in self._inputs:
            if self._loop is not None:
                self._loop.remove_reader(source)
            source.close()
        self._inputs = []
        self._outputs.connect({})
        self._cut_buffer()

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._closed:
            raise RuntimeError("the delay line is not open")
        return self._loop

    # In

    def _read(self, source: Input) -> None:
        self._hold(source, source.read(READ_AT_ONCE))
        self._arm()

    def _take_in(self, inputs: list[Input]) -> None:
        self._running()
        for source in inputs:
            self._hold(source, source.read(WHOLE_BACKLOG))
        self._arm()

    def _hold(self, source: Input, datagrams: list[bytes]) -> None:
        # The clock is read after the datagrams: none is stamped before it arrived, so none can leave early.
        now_s = self._running().time()
        self._received += len(datagrams)
        push, index = self._buffer.push, source.index
        for datagram in datagrams:
            if not looks_like_rtp(datagram):
                self._not_rtp += 1
            elif not source.accepting:
                self._not_accepted += 1
            elif source.is_video and source.is_endless(datagram):
                self._endless += 1
            else:
                push((index, datagram), now_s, len(datagram))

    def _bound_reached(self, bound: Bound) -> None:
        logger.warning("the delay line is full (%s): what comes in is dropped", bound)
        if self._on_bound is not None:
            # Not from here: a caller who answers with a cut would miss what this reading has yet to push.
            self._running().call_soon(self._call, self._on_bound, bound)

    # Out

    def _arm(self) -> None:
        """See to it that the timer runs whenever something is held."""
        due_s = self._buffer.next_due_s()
        if due_s is None:
            self._drained.set()
            return
        self._drained.clear()
        if self._timer is None:
            self._timer = self._running().call_at(due_s, self._send_due)

    def _send_due(self) -> None:
        self._timer = None
        now_s = self._running().time()
        # The buffer gives entries one by one: a callback may cut, connect or close in the middle of a batch.
        for entry, _lateness_s in islice(self._buffer.due(now_s), SEND_AT_ONCE):
            if isinstance(entry, LayoutChange):
                self._layouts_out += 1
                self._call(self._on_layout, entry.layout)
            else:
                self._send(*entry)
        self._arm()

    def _send(self, index: int, packet: bytes) -> None:
        output = self._outputs.by_index[index]
        if output is None:
            self._outputs.counts.unsent += 1
        elif output.send(packet) and self._first_packet_armed and not output.was_refused():
            self._first_packet_armed = False
            if self._on_first_packet is not None:
                self._call(self._on_first_packet)

    def _call(self, callback: Callable[..., None], *arguments: object) -> None:
        """A fault in the caller's code must not stop the picture."""
        try:
            callback(*arguments)
        except Exception:
            self._callback_errors += 1
            logger.exception("a callback of the delay line failed")

    def _cut_buffer(self) -> CutReport:
        report = self._buffer.cut()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._drained.set()
        return report
