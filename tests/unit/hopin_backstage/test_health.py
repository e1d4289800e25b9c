"""How often /healthz looks, and that one who asks never harms another."""

import asyncio

import pytest

from hopin_backstage import health
from hopin_backstage.health import Lookout, Report

WELL = {"database": "ok"}
ILL = {"database": "does not answer"}


class Looker:
    def __init__(self, *reports: Report) -> None:
        self.reports = list(reports)
        self.looks = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def __call__(self) -> Report:
        self.looks += 1
        await self.may_answer.wait()
        return self.reports.pop(0) if len(self.reports) > 1 else self.reports[0]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: now[0])
    return now


async def test_many_who_ask_at_once_share_one_look() -> None:
    looker = Looker(WELL)
    looker.may_answer.clear()
    lookout = Lookout(looker)
    asking = [asyncio.create_task(lookout.report()) for _ in range(50)]
    await asyncio.sleep(0)
    looker.may_answer.set()
    assert await asyncio.gather(*asking) == [WELL] * 50
    assert looker.looks == 1


async def test_one_who_goes_away_leaves_the_look_to_the_others() -> None:
    looker = Looker(WELL)
    looker.may_answer.clear()
    lookout = Lookout(looker)
    impatient, patient = (asyncio.create_task(lookout.report()) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    looker.may_answer.set()
    assert await patient == WELL


async def test_answer_is_fresh_for_a_second(clock: list[float]) -> None:
    looker = Looker(WELL, ILL)
    lookout = Lookout(looker)
    assert await lookout.report() == WELL
    clock[0] += 0.99
    assert await lookout.report() == WELL
    clock[0] += 0.02
    assert await lookout.report() == ILL


async def test_recovery_is_seen_sooner(clock: list[float]) -> None:
    looker = Looker(ILL, WELL)
    lookout = Lookout(looker)
    assert await lookout.report() == ILL
    clock[0] += 0.3
    assert await lookout.report() == WELL


async def test_a_probe_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs() -> str:
        await asyncio.Event().wait()
        return "never"

    async def well() -> str:
        return health.OK

    monkeypatch.setattr(health, "DEADLINE_S", 0.02)
    monkeypatch.setattr(health, "PROBES", {"redis": hangs, "janus": well})
    assert await health.look() == {"redis": "did not answer within 0 s", "janus": "ok"}
