"""How the steps of a plan are taken while Janus does not answer, or says no."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backstage.messages import Layout
from backstage.stagehand import steps
from backstage.stagehand.desired import Desired
from backstage.stagehand.runner import Stagehand
from backstage.stagehand.show_line import ShowLine
from janus import videoroom
from janus.errors import JanusError, JanusRefused, JanusTimeout, NothingForwarded, RefusalCode
from janus.session import JanusHandle
from tests.unit.backstage.world import SESSION, feed, running, wanted

LISTEN = steps.Listen()


class Rehearsal(Stagehand):
    """Takes the steps that it is given, while Janus does not answer."""

    def __init__(self, line: ShowLine) -> None:
        super().__init__()
        self._lines[SESSION] = line
        self.asked, self.answer = asyncio.Event(), asyncio.Event()
        self.times_asked = 0

    async def take(self, *planned: steps.Step) -> bool:
        self._planned = planned
        broadcast = running(captured=True)
        desired = replace(wanted(feeds={1: 11}, broadcasts=(broadcast,)), session_id=SESSION)
        return await self._tend_once(desired, self._overtaken(SESSION))

    async def _plan(self, desired: Desired) -> list[steps.Step]:
        return list(self._planned)

    async def _own_handles(self) -> tuple[JanusHandle, JanusHandle]:
        self.times_asked += 1
        self.asked.set()
        await self.answer.wait()
        raise JanusTimeout


@pytest.fixture
async def line() -> AsyncIterator[ShowLine]:
    opened = ShowLine(10, "127.0.0.1", lambda _outcome: None)
    await opened.open()
    yield opened
    await opened.close()


@pytest.mark.parametrize("overtaken", [False, True])
async def test_what_was_planned_before_the_line_was_cut_is_planned_anew(
    line: ShowLine, overtaken: bool
) -> None:
    stagehand = Rehearsal(line)
    taking = asyncio.create_task(stagehand.take(LISTEN, steps.Accept(1, 11), steps.PutLayout(Layout())))
    await stagehand.asked.wait()
    line.overtaken += overtaken
    stagehand.answer.set()
    assert await taking is overtaken, "planned anew at once only if there is reason to"
    assert line.observed().accepting == ({} if overtaken else {1: 11})
    assert line.observed().layout == (None if overtaken else Layout())


async def test_a_janus_that_does_not_answer_is_not_asked_for_every_step(line: ShowLine) -> None:
    stagehand = Rehearsal(line)
    stagehand.answer.set()
    assert not await stagehand.take(*[LISTEN] * 10)
    assert stagehand.times_asked == 2


class AnsweringJanus(Rehearsal):
    """`forward` answers as it is told to; kicks are counted."""

    def __init__(self, line: ShowLine, patch: pytest.MonkeyPatch, answers: list[JanusError | None]) -> None:
        super().__init__(line)
        self.kicked: list[int] = []
        self._answers = answers
        patch.setattr(videoroom, "forward", self._forwarded)
        patch.setattr(videoroom, "kick", self._kick)

    async def _own_handles(self) -> tuple[JanusHandle, JanusHandle]:
        return None, None  # type: ignore[return-value]

    async def _forwarded(self, *_: object) -> None:
        if answer := self._answers.pop(0):
            raise answer

    async def _kick(self, _handle: object, _room: int, _secret: str, feed_id: int) -> None:
        self.kicked.append(feed_id)


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
    line: ShowLine, monkeypatch: pytest.MonkeyPatch, answers: list[JanusError], kicked: list[int]
) -> None:
    stagehand = AnsweringJanus(line, monkeypatch, [*answers])
    for _answer in answers:
        assert not await stagehand.take(steps.Forward(1, feed(11), 5000, 5001))
    assert stagehand.kicked == kicked
