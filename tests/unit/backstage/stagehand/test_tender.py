"""How the steps of a plan are taken while Janus does not answer, or says no."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backstage.media.media_log import MediaLog
from backstage.messages import Layout
from backstage.stagehand import steps
from backstage.stagehand.desired import Desired
from backstage.stagehand.ears import Ears
from backstage.stagehand.eyes import Eyes
from backstage.stagehand.forwards import Forwards
from backstage.stagehand.hands import Hands
from backstage.stagehand.open_lines import OpenLines
from backstage.stagehand.own_handles import OwnHandles
from backstage.stagehand.refusals import Refusals
from backstage.stagehand.sights import Sights
from backstage.stagehand.talking import TalkingRing
from backstage.stagehand.tender import Tender
from janus import videoroom
from janus.connection import JanusConnection
from janus.errors import JanusError, JanusRefused, JanusTimeout, NothingForwarded, RefusalCode
from janus.session import JanusHandle
from tests.unit.backstage.stagehand.world import SESSION, STAGE, feed, running, wanted

LISTEN = steps.Listen()


class Unanswered(OwnHandles):
    """Janus does not answer; when it is given up is for the test to say."""

    def __init__(self, janus: JanusConnection) -> None:
        super().__init__(janus)
        self.asked, self.answer = asyncio.Event(), asyncio.Event()
        self.times_asked = 0

    async def get(self) -> tuple[JanusHandle, JanusHandle]:
        self.times_asked += 1
        self.asked.set()
        await self.answer.wait()
        raise JanusTimeout


class Answering(OwnHandles):
    async def get(self) -> tuple[JanusHandle, JanusHandle]:
        return None, None  # type: ignore[return-value]


class Rehearsal(Tender):
    """Takes the steps that it is given."""

    def __init__(self, lines: OpenLines, handles: OwnHandles, janus: JanusConnection) -> None:
        log, refusals = MediaLog(), Refusals()
        ears = Ears(TalkingRing(), log)
        eyes = Eyes(janus, handles, lines, ears, Sights(), log)
        hands = Hands(handles, lines, ears, Forwards(janus, handles, ears, refusals, log), log)
        super().__init__(lines, ears, eyes, refusals, hands)

    async def take(self, *planned: steps.Step) -> bool:
        self._planned = planned
        broadcast = running(captured=True)
        desired = replace(wanted(feeds={1: 11}, broadcasts=(broadcast,)), session_id=SESSION)
        return await self._tend_once(desired, self._lines.overtaken(SESSION))

    async def _plan(self, desired: Desired) -> list[steps.Step]:
        return list(self._planned)


@pytest.fixture
def janus() -> JanusConnection:
    """Never started."""
    return JanusConnection("ws://127.0.0.1:1", "secret")


@pytest.fixture
async def lines() -> AsyncIterator[OpenLines]:
    opened = OpenLines()
    await opened.open(SESSION, STAGE, 10)
    yield opened
    await opened.close(SESSION)


@pytest.mark.parametrize("overtaken", [False, True])
async def test_what_was_planned_before_the_line_was_cut_is_planned_anew(
    lines: OpenLines, janus: JanusConnection, overtaken: bool
) -> None:
    handles, line = Unanswered(janus), lines[SESSION]
    tender = Rehearsal(lines, handles, janus)
    taking = asyncio.create_task(tender.take(LISTEN, steps.Accept(1, 11), steps.PutLayout(Layout())))
    await handles.asked.wait()
    line.overtaken += overtaken
    handles.answer.set()
    assert await taking is overtaken, "planned anew at once only if there is reason to"
    assert line.observed().accepting == ({} if overtaken else {1: 11})
    assert line.observed().layout == (None if overtaken else Layout())


async def test_a_janus_that_does_not_answer_is_not_asked_for_every_step(
    lines: OpenLines, janus: JanusConnection
) -> None:
    handles = Unanswered(janus)
    handles.answer.set()
    assert not await Rehearsal(lines, handles, janus).take(*[LISTEN] * 10)
    assert handles.times_asked == 2


NO_SUCH_FEED = JanusRefused(RefusalCode.NO_SUCH_FEED, "No such feed (11)")


@pytest.mark.parametrize(
    ("answers", "kicked"),
    [
        ([NO_SUCH_FEED, NothingForwarded(), NO_SUCH_FEED], [11]),
        ([NO_SUCH_FEED, JanusTimeout(), JanusTimeout(), NO_SUCH_FEED], []),
        ([JanusTimeout()] * 5, []),
    ],
)
async def test_a_feed_is_put_out_for_what_janus_refused_and_not_because_janus_is_slow(
    lines: OpenLines,
    janus: JanusConnection,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[JanusError],
    kicked: list[int],
) -> None:
    waiting, put_out = [*answers], list[int]()

    async def forward(*_: object) -> None:
        raise waiting.pop(0)

    async def kick(_handle: object, _room: int, _secret: str, feed_id: int) -> None:
        put_out.append(feed_id)

    monkeypatch.setattr(videoroom, "forward", forward)
    monkeypatch.setattr(videoroom, "kick", kick)
    tender = Rehearsal(lines, Answering(janus), janus)
    for _answer in answers:
        assert not await tender.take(steps.Forward(1, feed(11), 5000, 5001))
    assert put_out == kicked
