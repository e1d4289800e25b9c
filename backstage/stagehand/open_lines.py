"""The delay lines that are open, one for each Backstage that is on air, and the recorder of each."""

import asyncio
from collections.abc import Iterator, Mapping, Set
from uuid import UUID

from django.conf import settings

from backstage.stagehand.observed import ObservedLine
from backstage.stagehand.recorder import record_forever
from backstage.stagehand.show_line import Outcome, ShowLine


class OpenLines(Mapping[UUID, ShowLine]):
    """By Backstage."""

    def __init__(self) -> None:
        self._lines: dict[UUID, ShowLine] = {}
        self._recorders: dict[UUID, asyncio.Task[None]] = {}

    def __getitem__(self, session_id: UUID) -> ShowLine:
        return self._lines[session_id]

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    async def open(self, session_id: UUID, stage_id: UUID, delay_s: int) -> None:
        outcomes: asyncio.Queue[Outcome] = asyncio.Queue()
        line = ShowLine(delay_s, settings.MEDIA_HOST, outcomes.put_nowait)
        await line.open()
        self._lines[session_id] = line
        self._recorders[session_id] = asyncio.create_task(record_forever(session_id, stage_id, outcomes))

    async def close(self, session_id: UUID) -> None:
        await self._lines.pop(session_id).close()
        self._recorders.pop(session_id).cancel()

    async def close_all_but(self, session_ids: Set[UUID]) -> None:
        for session_id in self._lines.keys() - session_ids:
            await self.close(session_id)

    def observed(self, session_id: UUID) -> ObservedLine | None:
        line = self._lines.get(session_id)
        return line.observed() if line else None

    def overtaken(self, session_id: UUID) -> int:
        line = self._lines.get(session_id)
        return line.overtaken if line else 0
