"""Keeps parts running: a part that ends is started again, until all are stopped in order."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hopin_backstage.run.environment import RunEnvironment
from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.parts import PROJECT, Part
from hopin_backstage.run.process import PartProcess
from hopin_backstage.run.voice import complain, say

READY_WITHIN_S = 60.0
FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
#: A part that ran this long was well: the pauses begin anew.
WELL_AFTER_S = 10.0


@dataclass
class _Kept:
    part: Part
    process: PartProcess
    keeper: asyncio.Task[None] | None = None


class Supervisor:
    def __init__(self, environment: RunEnvironment) -> None:
        self._environment = environment
        self._kept: list[_Kept] = []

    async def start(self, parts: Sequence[Part]) -> None:
        """Starts them at the same time, returns once each is ready. Raises CannotRun if one ends instead."""
        started = []
        for part in parts:
            started.append(_Kept(part, await self._launch(part)))
            # At once, so that a stop in the middle of a start finds it.
            self._kept.append(started[-1])
        await asyncio.gather(*(self._first_ready(kept) for kept in started))
        for kept in started:
            kept.keeper = asyncio.create_task(self._keep(kept), name=f"keeper of {kept.part.name}")

    async def stop(self) -> None:
        """Last started, first stopped. Nothing is left when it returns."""
        for kept in self._kept:
            if kept.keeper is not None:
                kept.keeper.cancel()
        for kept in reversed(self._kept):
            await kept.process.stop(kept.part.grace_s)
        self._kept.clear()

    def _log(self, part: Part) -> Path:
        return self._environment.folder.log(part.name)

    async def _launch(self, part: Part) -> PartProcess:
        part.prepare()
        folder = self._environment.folder
        return await PartProcess.start(
            part.command,
            environment=self._environment.for_children(),
            cwd=PROJECT,
            log=folder.log(part.name),
            pid_file=folder.pid(part.name),
        )

    async def _first_ready(self, kept: _Kept) -> None:
        ready = asyncio.create_task(kept.part.wait_until_ready())
        ended = asyncio.create_task(kept.process.wait())
        await asyncio.wait({ready, ended}, timeout=READY_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        was_ready, has_ended = ready.done(), ended.done()
        ready.cancel()
        ended.cancel()
        if has_ended or not was_ready:
            what = f"ended {ended.result()}" if has_ended else f"was not ready within {READY_WITHIN_S:.0f} s"
            raise CannotRun(f"{kept.part.title} {what}. What it said stands in {self._log(kept.part)}")

    async def _keep(self, kept: _Kept) -> None:
        part, pause_s = kept.part, FIRST_PAUSE_S
        while True:
            started = time.monotonic()
            how = await kept.process.wait()
            if time.monotonic() - started > WELL_AFTER_S:
                pause_s = FIRST_PAUSE_S
            say(f"{part.title} ended {how}: starting it again. (Log: {self._log(part)})")
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            await self._revive(kept)

    async def _revive(self, kept: _Kept) -> None:
        """A part that cannot be prepared just now, e.g. while the network is gone, is tried for again."""
        while True:
            try:
                kept.process = await self._launch(kept.part)
            except CannotRun as error:
                complain(str(error))
                await asyncio.sleep(LONGEST_PAUSE_S)
            else:
                return
