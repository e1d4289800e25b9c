"""One show's delay line, with the marks that go through it beside packets and layouts."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.utils import timezone

from backstage.messages import Layout
from backstage.models import SLOTS
from backstage.stagehand.observed import ObservedLine
from backstage.stagehand.steps import Accept, CutLine, Finish, LineStep
from janus.delay_line import Bound, DelayLine

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class BeginMark:
    broadcast_id: UUID


@dataclass(frozen=True)
class FinishMark:
    broadcast_id: UUID
    last: bool


@dataclass(frozen=True)
class WentOnAir:
    """The first packet of a broadcast has gone out."""

    broadcast_id: UUID
    at: datetime


@dataclass(frozen=True)
class Aired:
    """A layout has come out."""

    layout: Layout


@dataclass(frozen=True)
class Ended:
    """The end of a broadcast has come out."""

    broadcast_id: UUID
    at: datetime


Outcome = WentOnAir | Aired | Ended


class LineFull(Exception):
    """So many layouts are held that this one was dropped. Try again when some have come out."""


class ShowLine:
    """`host`: the address of ours that Janus forwards to.

    `tell` is called with each Outcome, in order, in the event loop; it must only enqueue.

    `overtaken`: how often somebody was quicker than a plan. What was planned before is not true any more.
    """

    def __init__(self, delay_s: float, host: str, tell: Callable[[Outcome], None]) -> None:
        self._tell = tell
        self._line = DelayLine(
            delay_s,
            slots=SLOTS,
            host=host,
            on_layout=self._came_out,
            on_first_packet=self._first_packet,
            on_bound=self._full,
        )
        self._inputs: Mapping[str, int] = {}
        self._outputs: Mapping[str, int] | None = None
        self._accepting: dict[int, int] = {}
        self._layout: Layout | None = None
        self._begun: set[UUID] = set()
        self._finished: set[UUID] = set()
        self._cut: set[UUID] = set()
        self._about_to_air: UUID | None = None
        self.overtaken = 0

    async def open(self) -> None:
        self._inputs = await self._line.open()
        for slot in {int(mid[1:]) for mid in self._inputs}:
            self._line.accept(slot, False)

    async def close(self) -> None:
        await self._line.close()

    def observed(self) -> ObservedLine:
        return ObservedLine(
            delay_s=self._line.delay_s,
            inputs=self._inputs,
            outputs=self._outputs,
            accepting=dict(self._accepting),
            layout=self._layout,
            begun=frozenset(self._begun),
            finished=frozenset(self._finished),
            cut=frozenset(self._cut),
        )

    def connect(self, outputs: Mapping[str, int] | None, host: str) -> None:
        self._line.connect({mid: (host, port) for mid, port in outputs.items()} if outputs else None)
        self._outputs = outputs

    def take(self, step: LineStep) -> None:
        match step:
            case Accept(slot, feed):
                self.accept(slot, feed)
            case Finish(broadcast_id, last):
                self.finish(broadcast_id, last=last)
            case CutLine(broadcast_ids):
                self.cut(broadcast_ids)

    def accept(self, slot: int, feed: int | None) -> None:
        """From now on what arrives for a slot is this feed's, and is let in; None: nothing is."""
        self._line.accept(slot, feed is not None)
        if feed is None:
            self._accepting.pop(slot, None)
        else:
            self._accepting[slot] = feed

    def begin(self, broadcast_id: UUID) -> None:
        """One that was cut does not begin, nor does it `finish`: whoever asks has not heard of it yet.

        Raises LineFull, as do `put_layout` and `finish`.
        """
        if broadcast_id in self._cut:
            return
        self._put(BeginMark(broadcast_id))
        self._begun.add(broadcast_id)
        self._layout = None

    def put_layout(self, layout: Layout) -> None:
        self._put(layout)
        self._layout = layout

    def finish(self, broadcast_id: UUID, *, last: bool) -> None:
        if broadcast_id in self._cut:
            return
        self._put(FinishMark(broadcast_id, last))
        self._finished.add(broadcast_id)

    def cut(self, broadcast_ids: Collection[UUID]) -> None:
        """Off air at once: nothing of what is held, or still waits in the kernel, ever comes out.

        Nothing is taken in any more until `accept` says so: the forwards go on for a moment, and a new broadcast
        may begin before they end. Asked a second time for the same, it spares what began meanwhile.
        """
        fresh = [each for each in broadcast_ids if each not in self._cut]
        if not fresh:
            return
        for slot in range(1, SLOTS + 1):
            self._line.accept(slot, False)
        report = self._line.cut()
        self._line.blank()
        log.info("line_cut", entries=report.entries, bytes=report.bytes)
        self._accepting.clear()
        self._begun.clear()
        self._finished.clear()
        self._layout = self._about_to_air = None
        self._cut.update(fresh)
        # Behind the outcomes that are not written yet: one of them would put the Stage on air again.
        self._tell(Aired(Layout()))
        for broadcast_id in fresh:
            self._tell(Ended(broadcast_id, timezone.now()))

    def _put(self, entry: object) -> None:
        if not self._line.push_layout(entry):
            raise LineFull

    def _came_out(self, entry: object) -> None:
        match entry:
            case BeginMark(broadcast_id):
                # LIVE is said when the audience has been sent a packet, not when it ought to have been.
                self._about_to_air = broadcast_id
                self._line.arm_first_packet()
            case FinishMark(broadcast_id, last):
                if last:
                    self._line.blank()
                    self._tell(Aired(Layout()))
                self._tell(Ended(broadcast_id, timezone.now()))
            case Layout():
                self._tell(Aired(entry))

    def _first_packet(self) -> None:
        broadcast_id, self._about_to_air = self._about_to_air, None
        if broadcast_id is not None:
            self._tell(WentOnAir(broadcast_id, timezone.now()))

    def _full(self, bound: Bound) -> None:
        log.error("delay_line_full", bound=str(bound))
