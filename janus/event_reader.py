"""From Janus's messages to `janus.events`: no I/O, no state but the feeds already told as gone.

Shapes: https://janus.conf.meetecho.com/docs/rest.html (core) and
https://janus.conf.meetecho.com/docs/videoroom.html, https://janus.conf.meetecho.com/docs/streaming.html.
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from janus.events import (
    Detached,
    Feed,
    HandleEvent,
    Hangup,
    Joining,
    Kicked,
    Left,
    Media,
    Moderated,
    PublishersAppeared,
    RoomDestroyed,
    SlowLink,
    StreamStatus,
    SubscriberOffer,
    Talking,
    Trickled,
    Unpublished,
    WebrtcUp,
)
from janus.jsep import Candidate, Jsep


class _Joining(msgspec.Struct):
    id: int
    display: str = ""


class _RoomMessage(msgspec.Struct, rename={"level": "audio-level-dBov-avg"}):
    """VideoRoom marks most of its events by nothing but the presence of a key."""

    videoroom: str
    room: int = 0
    id: int = 0
    mid: str = ""
    level: float = 0.0
    reason: str | None = None
    publishers: tuple[Feed, ...] | None = None
    joining: _Joining | None = None
    unpublished: int | Literal["ok"] | None = None
    leaving: int | Literal["ok"] | None = None
    kicked: int | None = None
    moderation: Literal["muted", "unmuted"] | None = None


class _StreamResult(msgspec.Struct):
    status: str | None = None


class _StreamMessage(msgspec.Struct):
    result: _StreamResult | None = None


class EventReader:
    """Reads the events of one handle, in order. `own_feed`: the feed id the handle joined its room with."""

    def __init__(self) -> None:
        self.own_feed: int | None = None
        self._gone: set[int] = set()

    def read(self, message: Mapping[str, Any]) -> HandleEvent | None:
        """The event in `message`, or None: unknown, malformed, or told before."""
        try:
            return self._once(self._read(message))
        except msgspec.ValidationError:
            return None

    def _read(self, message: Mapping[str, Any]) -> HandleEvent | None:
        match message["janus"]:
            case "webrtcup":
                return WebrtcUp()
            case "detached":
                return Detached()
            case "hangup":
                return msgspec.convert(message, Hangup)
            case "media":
                return msgspec.convert(message, Media)
            case "slowlink":
                return msgspec.convert(message, SlowLink)
            case "trickle":
                return Trickled(_candidate(message.get("candidate")))
            case "event":
                return self._plugin_event(message)
        return None

    def _plugin_event(self, message: Mapping[str, Any]) -> HandleEvent | None:
        content = message.get("plugindata", {}).get("data", {})
        if "jsep" in message:
            jsep = msgspec.convert(message["jsep"], Jsep)
            return SubscriberOffer(jsep) if jsep.type == "offer" else None
        if "videoroom" in content:
            return self._room_event(msgspec.convert(content, _RoomMessage))
        result = msgspec.convert(content, _StreamMessage).result
        return StreamStatus(result.status) if result and result.status else None

    def _room_event(self, told: _RoomMessage) -> HandleEvent | None:
        match told.videoroom:
            case "talking" | "stopped-talking":
                return Talking(told.id, told.mid, told.videoroom == "talking", told.level)
            case "destroyed":
                return RoomDestroyed(told.room)
            case "event":
                return self._presence(told) or _moderation(told)
        return None

    def _presence(self, told: _RoomMessage) -> HandleEvent | None:
        if told.publishers is not None:
            return PublishersAppeared(told.publishers)
        if told.joining is not None:
            return Joining(told.joining.id, told.joining.display)
        if told.leaving is not None:
            return Left(self.own_feed if told.leaving == "ok" else told.leaving, told.reason)
        if told.kicked is not None:
            return Kicked(told.kicked)
        if isinstance(told.unpublished, int):
            return Unpublished(told.unpublished)
        return None

    def _once(self, event: HandleEvent | None) -> HandleEvent | None:
        """Janus often tells twice that a feed is unpublished, and again behind its leaving."""
        match event:
            case PublishersAppeared(feeds=feeds):
                self._gone.difference_update(feed.feed_id for feed in feeds)
            case Joining(feed_id=feed_id):
                self._gone.discard(feed_id)
            case Unpublished(feed_id=feed_id) if feed_id in self._gone:
                return None
            case Unpublished(feed_id=feed_id) | Kicked(feed_id=feed_id):
                self._gone.add(feed_id)
            case Left(feed_id=int() as feed_id):
                self._gone.add(feed_id)
        return event


def _moderation(told: _RoomMessage) -> HandleEvent | None:
    if told.moderation is None:
        return None
    return Moderated(told.id, told.mid, told.moderation == "muted")


def _candidate(content: Mapping[str, Any] | None) -> Candidate | None:
    if not content or content.get("completed"):
        return None
    return msgspec.convert(content, Candidate)
