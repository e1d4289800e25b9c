"""One connection's presence in one place, renewed for as long as the connection lives."""

import asyncio

from hopin_backstage.realtime.presence import PRESENCE_RENEW_S, presence


class Attendance:
    """`place` is a group's name; a person with several connections counts once."""

    def __init__(self, place: str, person: int, connection: str) -> None:
        self.place = place
        self.person = str(person)
        self._member = f"{person}/{connection}"
        self._renewal: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        await presence().renew(self.place, self._member)
        self._renewal = asyncio.create_task(self._renew())

    async def end(self) -> bool:
        """True if this was the person's last connection here."""
        if self._renewal is not None:
            self._renewal.cancel()
        await presence().end(self.place, self._member)
        return self.person not in await presence().people(self.place)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_RENEW_S)
            await presence().renew(self.place, self._member)
