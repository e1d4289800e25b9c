"""The one door through which notices leave: `publish`. Nothing else calls the channel layer's groups."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import BaseChannelLayer, get_channel_layer
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from hopin_backstage.realtime.codec import Notice, encode_notice


def publish(group: str, notice: Notice, *, revision: int | None = None) -> None:
    """Sends a notice to everybody in the group once the transaction is committed, never before.

    It is encoded now, so it says what was true inside the transaction. Call it from synchronous code (services).
    """
    message = {"type": "notice", "notice": notice.wire_type, "frame": encode_notice(notice, revision)}
    # Robust: what is committed is done, and a Redis that is away for a moment must not turn it into a failure.
    # Pages find the gap in the revisions, or take a snapshot when their line is back.
    transaction.on_commit(lambda: async_to_sync(_layer().group_send)(group, message), robust=True)


def _layer() -> BaseChannelLayer:
    layer = get_channel_layer()
    if layer is None:
        raise ImproperlyConfigured("CHANNEL_LAYERS has no default: notices have no way to go.")
    return layer


async def join(group: str, channel_name: str) -> None:
    await _layer().group_add(group, channel_name)


async def part(group: str, channel_name: str) -> None:
    await _layer().group_discard(group, channel_name)


@asynccontextmanager
async def listening(group: str) -> AsyncIterator[AsyncIterator[dict[str, Any]]]:
    """For a process that is no consumer: the notices of a group, as they come."""
    layer = _layer()
    channel = await layer.new_channel()
    await layer.group_add(group, channel)

    async def messages() -> AsyncIterator[dict[str, Any]]:
        while True:
            yield await layer.receive(channel)

    try:
        yield messages()
    finally:
        await layer.group_discard(group, channel)
