"""This process's one connection to Janus."""

import asyncio

from django.conf import settings

from janus.connection import JanusConnection

#: Seconds that the first one to need Janus waits for the link.
FIRST_LINK_S = 2.0

_links: dict[asyncio.AbstractEventLoop, JanusConnection] = {}


async def janus() -> JanusConnection:
    """The connection of the running event loop, started on first asking; it reconnects by itself.

    Raises JanusUnavailable if there is no link, nor one within FIRST_LINK_S.
    """
    link = await connection()
    await link.wait_connected(FIRST_LINK_S)
    return link


async def connection() -> JanusConnection:
    """The same, linked or not."""
    loop = asyncio.get_running_loop()
    if loop not in _links:
        link = JanusConnection(
            settings.JANUS_URL, settings.JANUS_API_SECRET, admin_key=settings.JANUS_ADMIN_KEY
        )
        _links[loop] = link
        await link.start()
    return _links[loop]
