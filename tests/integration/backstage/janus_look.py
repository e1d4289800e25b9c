"""The Janus of the running product, asked by a handle of the test's own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from janus import videoroom
from janus.connection import JanusConnection
from janus.session import JanusHandle, Plugin
from tests.servers.product import Product


@asynccontextmanager
async def of_janus(product: Product) -> AsyncIterator[JanusHandle]:
    env = product.env
    link = JanusConnection(env["JANUS_URL"], env["JANUS_API_SECRET"], admin_key=env["JANUS_ADMIN_KEY"])
    async with link:
        await link.wait_connected(5)
        session = await link.create_session()
        yield await session.attach(Plugin.VIDEOROOM, lambda _event: None)
        await session.destroy()


def room_of(token: str) -> tuple[int, str]:
    """Runs in the product's process: its number and its secret."""
    from backstage.media.secrets import room_secret
    from backstage.models import BackstageSession

    room = BackstageSession.objects.get(link_token=token).room
    return room, room_secret(room)


@dataclass
class JanusRoom:
    """One Backstage as Janus has it."""

    handle: JanusHandle
    number: int
    secret: str

    async def publishing(self) -> set[int]:
        """The feeds of people."""
        there = await videoroom.list_participants(self.handle, self.number)
        return {each.feed_id for each in there if each.publisher and not each.dummy}

    async def forwarded(self) -> set[int]:
        """The feeds of which something goes on its way to the Stage."""
        return {
            each.feed_id for each in await videoroom.list_forwarders(self.handle, self.number, self.secret)
        }

    async def lets_go_of(self, feed: int, within_s: float) -> None:
        """It is neither in the room nor forwarded."""
        async with asyncio.timeout(within_s):
            while feed in await self.publishing() | await self.forwarded():  # noqa: ASYNC110  another process
                await asyncio.sleep(0.05)

    async def forwards_none_of(self, feeds: set[int], within_s: float) -> None:
        """The dummy may be."""
        async with asyncio.timeout(within_s):
            while feeds & await self.forwarded():  # noqa: ASYNC110  another process
                await asyncio.sleep(0.05)
