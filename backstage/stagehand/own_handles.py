"""The stagehand's own two handles at Janus: one to speak to rooms, one to speak to mountpoints."""

import asyncio

from janus.connection import JanusConnection
from janus.errors import JanusError
from janus.events import HandleEvent
from janus.session import JanusHandle, Plugin


class OwnHandles:
    """Made when first needed, and again when Janus no longer knows their session."""

    def __init__(self, janus: JanusConnection) -> None:
        self._janus = janus
        self._handles: tuple[JanusHandle, JanusHandle] | None = None
        self._making = asyncio.Lock()

    async def get(self) -> tuple[JanusHandle, JanusHandle]:
        """For rooms, and for mountpoints. Raises JanusError."""
        async with self._making:
            if self._handles is None or self._handles[0].session.lost:
                session = await self._janus.create_session()
                try:
                    self._handles = (
                        await session.attach(Plugin.VIDEOROOM, _ignore),
                        await session.attach(Plugin.STREAMING, _ignore),
                    )
                except JanusError:
                    await session.destroy()
                    raise
            return self._handles


def _ignore(event: HandleEvent) -> None:
    """These handles have no PeerConnection and join no room; what happens in one, an ear hears."""
