"""A room and its people."""

import itertools
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TypeVar

from janus import streaming, videoroom
from janus.events import Media, WebrtcUp
from janus.session import JanusHandle, JanusSession, Plugin
from janus.videoroom import RoomConfig, SubscribeStream
from tests.janus.peers import Publisher, Watcher
from tests.janus.waiting import Inbox

SomePeer = TypeVar("SomePeer", Publisher, Watcher)

_feed_ids = itertools.count(1)


@dataclass
class Publishing:
    feed_id: int
    handle: JanusHandle
    inbox: Inbox
    peer: Publisher


@dataclass
class Watching:
    handle: JanusHandle
    inbox: Inbox
    peer: Watcher


class Cast:
    """Whoever it makes is closed with the test."""

    def __init__(self, session: JanusSession, config: RoomConfig, stack: AsyncExitStack) -> None:
        self.session = session
        self.config = config
        self.room = config.room
        self.secret = config.secret
        self._stack = stack

    async def handle(self, plugin: Plugin = Plugin.VIDEOROOM, inbox: Inbox | None = None) -> JanusHandle:
        return await self.session.attach(plugin, inbox or Inbox())

    async def observer(self) -> tuple[JanusHandle, Inbox]:
        inbox = Inbox()
        handle = await self.handle(inbox=inbox)
        await videoroom.join_observer(handle, self.room, "observer")
        return handle, inbox

    async def publisher(self, brightness: int = 128, *, video: bool = True) -> Publishing:
        """Somebody whose media Janus gets."""
        inbox, feed_id = Inbox(), next(_feed_ids)
        handle = await self.handle(inbox=inbox)
        peer = self.keep(Publisher(inbox, brightness, video=video))
        offer = await peer.offer()
        answer = await videoroom.join_and_publish(
            handle, self.room, feed_id, f"feed {feed_id}", offer, bitrate=300_000
        )
        await peer.accept(answer)
        await inbox.next(WebrtcUp)
        await inbox.next(Media, kind="video" if video else "audio", receiving=True)
        return Publishing(feed_id, handle, inbox, peer)

    async def subscriber(self, *feed_ids: int) -> Watching:
        """Somebody whose m-lines 2k and 2k+1 hold audio and video of the k-th feed."""
        inbox = Inbox()
        handle = await self.handle(inbox=inbox)
        streams = [
            SubscribeStream(feed_id, mid, f"{kind}{slot}")
            for slot, feed_id in enumerate(feed_ids, 1)
            for mid, kind in (("0", "a"), ("1", "v"))
        ]
        peer = self.keep(Watcher(inbox))
        offer = await videoroom.join_subscriber(handle, self.room, streams)
        await videoroom.start(handle, await peer.answer(offer))
        await inbox.next(WebrtcUp)
        return Watching(handle, inbox, peer)

    async def viewer(self, mountpoint: int, pin: str) -> Watching:
        inbox = Inbox()
        handle = await self.handle(Plugin.STREAMING, inbox)
        peer = self.keep(Watcher(inbox))
        offer = await streaming.watch(handle, mountpoint, pin)
        await streaming.start(handle, await peer.answer(offer))
        await inbox.next(WebrtcUp)
        return Watching(handle, inbox, peer)

    def keep(self, peer: SomePeer) -> SomePeer:
        self._stack.push_async_callback(peer.close)
        return peer
