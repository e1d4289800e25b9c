"""One connection's presence in one place, renewed for as long as the connection lives."""

import asyncio

import redis
import structlog

from hopin_backstage.realtime.presence import PRESENCE_RENEW_S, presence

log = structlog.get_logger(__name__)
TRY_AGAIN_S = 1.0


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
        pause_s = PRESENCE_RENEW_S
        while True:
            await asyncio.sleep(pause_s)
            try:
                await presence().renew(self.place, self._member)
                pause_s = PRESENCE_RENEW_S
            except (redis.RedisError, OSError) as error:
                # Whoever gave up here would lose a person's place while they sit in front of their camera.
                log.warning("presence_not_renewed", error=repr(error))
                pause_s = TRY_AGAIN_S
