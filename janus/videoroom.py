"""The VideoRoom plugin's requests. All calls: https://janus.conf.meetecho.com/docs/videoroom.html#vroomapi

Every function takes a handle of `Plugin.VIDEOROOM` and raises JanusUnavailable, JanusTimeout, and
JanusRefused with a code of `RefusalCode`. A handle is an observer or publisher, or a subscriber, for its
whole life; the functions for rooms and feeds of others work on any.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from janus.errors import JanusError, JanusRefused, NothingForwarded, RefusalCode
from janus.events import Feed
from janus.jsep import Jsep
from janus.session import JanusHandle, PluginAnswer
from janus.wire import understood

# --- rooms


class RoomConfig(msgspec.Struct, frozen=True, kw_only=True):
    """A room for opus and VP8. `secret`: needed by whoever changes it. `bitrate`: each publisher's cap,
    bit/s. `fir_freq`: a keyframe from each publisher every so many seconds, 0 = only when asked.
    `audio_active_packets`, `audio_level_average`: Janus calls it talking when so many packets in a row are
    on average louder than so many -dBov; few, since a silent Opus encoder soon sends one each 400 ms only.
    `dummy_publisher`: a placeholder feed with audio mid "0" and video mid "1" for empty slots."""

    room: int
    secret: str
    description: str = ""
    publishers: int = 5
    bitrate: int = 1_500_000
    bitrate_cap: bool = True
    fir_freq: int = 2
    is_private: bool = True
    notify_joining: bool = True
    audiolevel_event: bool = True
    audio_active_packets: int = 5
    audio_level_average: int = 45
    dummy_publisher: bool = True
    lock_record: bool = True


class Room(
    msgspec.Struct, frozen=True, rename={"participants": "num_participants", "publishers": "max_publishers"}
):
    """`participants`: how many are in it, the dummy included. `publishers`: how many may publish."""

    room: int
    description: str = ""
    participants: int = 0
    publishers: int = 0


class _Exists(msgspec.Struct):
    exists: bool


async def create_room(handle: JanusHandle, config: RoomConfig) -> None:
    """Make a room, until Janus ends. JanusRefused 427: there is one with this number.

    https://janus.conf.meetecho.com/docs/videoroom.html (create)
    """
    body = {
        "request": "create",
        **msgspec.to_builtins(config),
        "permanent": False,
        "audiolevel_ext": True,
        "audiocodec": "opus",
        "videocodec": "vp8",
        **_admin_key(handle),
    }
    if config.dummy_publisher:
        body["dummy_streams"] = [{"codec": "opus"}, {"codec": "vp8"}]
    await handle.request(body)


async def room_exists(handle: JanusHandle, room: int) -> bool:
    """https://janus.conf.meetecho.com/docs/videoroom.html (exists)"""
    answer = await handle.request({"request": "exists", "room": room})
    return understood(answer.content, _Exists).exists


async def destroy_room(handle: JanusHandle, room: int, secret: str) -> None:
    """End a room and put everybody in it out. JanusRefused 426: no such room, 433: wrong secret.

    https://janus.conf.meetecho.com/docs/videoroom.html (destroy)
    """
    await handle.request({"request": "destroy", "room": room, "secret": secret})


async def list_rooms(handle: JanusHandle) -> tuple[Room, ...]:
    """All rooms; the private ones too, since the connection's admin key goes along.

    https://janus.conf.meetecho.com/docs/videoroom.html (list)
    """
    answer = await handle.request({"request": "list", **_admin_key(handle)})
    return understood(answer.content.get("list"), tuple[Room, ...])


# --- being in a room


class Joined(msgspec.Struct, frozen=True, rename={"feed_id": "id", "feeds": "publishers"}):
    """`feed_id`: our own. `private_id`: ties our subscribers to it, if the room asks for that. `feeds`: who
    publishes now, the dummy included."""

    feed_id: int
    private_id: int
    feeds: tuple[Feed, ...] = ()


async def join_observer(handle: JanusHandle, room: int, display: str) -> Joined:
    """See who joins, publishes, talks and leaves, without taking a publisher's place.

    Janus picks the feed id. (VideoRoom has no observers: this is a publisher who never publishes.)
    https://janus.conf.meetecho.com/docs/videoroom.html (join, ptype publisher)
    """
    return await _join(handle, {"room": room, "display": display})


async def join_publisher(handle: JanusHandle, room: int, feed_id: int, display: str) -> Joined:
    """Come into the room under our own feed id; `publish` comes after. JanusRefused 436: the id is taken.

    https://janus.conf.meetecho.com/docs/videoroom.html (join, ptype publisher)
    """
    return await _join(handle, {"room": room, "id": feed_id, "display": display})


async def _join(handle: JanusHandle, who: Mapping[str, Any]) -> Joined:
    answer = await handle.request({"request": "join", "ptype": "publisher", **who})
    joined = understood(answer.content, Joined)
    handle.feed_id = joined.feed_id
    return joined


async def publish(handle: JanusHandle, offer: Jsep, *, bitrate: int | None = None) -> Jsep:
    """Publish, or renegotiate what is published; returns Janus's answer. `bitrate`: cap in bit/s, None =
    the room's.

    JanusRefused 432: the room has its publishers.
    https://janus.conf.meetecho.com/docs/videoroom.html (configure)
    """
    return _with_jsep(await handle.request({"request": "configure", **_bitrate(bitrate)}, offer))


async def join_and_publish(
    handle: JanusHandle, room: int, feed_id: int, display: str, offer: Jsep, *, bitrate: int | None = None
) -> Jsep:
    """`join_publisher` and `publish` in one request. On JanusRefused 432 the handle has joined nevertheless.

    https://janus.conf.meetecho.com/docs/videoroom.html (joinandconfigure)
    """
    body = {
        "request": "joinandconfigure",
        "ptype": "publisher",
        "room": room,
        "id": feed_id,
        "display": display,
        **_bitrate(bitrate),
    }
    handle.feed_id = feed_id
    return _with_jsep(await handle.request(body, offer))


async def unpublish(handle: JanusHandle) -> None:
    """Take our media away and close the PeerConnection; we stay in the room. Switch subscribers away before.

    JanusRefused 435: nothing was published. https://janus.conf.meetecho.com/docs/videoroom.html (unpublish)
    """
    await handle.request({"request": "unpublish"})


async def probe(handle: JanusHandle) -> None:
    """Whether the plugin still works off its requests, in one thread for all rooms: it may hang while the rest of
    Janus answers. Asks to join a room that cannot exist. Raises JanusTimeout, JanusUnavailable.

    https://janus.conf.meetecho.com/docs/videoroom.html (join)
    """
    try:
        await handle.request({"request": "join", "ptype": "publisher", "room": 0})
    except JanusRefused:
        return


async def keyframe(handle: JanusHandle) -> None:
    """Ask our own publishing peer for a keyframe. `rtp_forward` does not ask for one, so do it after each
    forward. For somebody else's handle: `JanusConnection.request_keyframe`.

    https://janus.conf.meetecho.com/docs/videoroom.html (configure)
    """
    await handle.request({"request": "configure", "keyframe": True})


# --- subscribing


class SubscribeStream(msgspec.Struct, frozen=True, omit_defaults=True, rename={"feed_id": "feed"}):
    """One m-line of a subscriber. `crossrefid`: a name of ours for it."""

    feed_id: int
    mid: str
    crossrefid: str | None = None


class SwitchStream(msgspec.Struct, frozen=True, rename={"feed_id": "feed"}):
    """Put medium `mid` of feed `feed_id` into the subscriber's own m-line `sub_mid`."""

    feed_id: int
    mid: str
    sub_mid: str


async def join_subscriber(handle: JanusHandle, room: int, streams: Sequence[SubscribeStream]) -> Jsep:
    """Subscribe; returns Janus's offer, to be answered with `start`. The m-lines stand in the order of
    `streams`, their mids "0", "1", …; Janus never renegotiates by itself.

    JanusRefused 428: no such feed. https://janus.conf.meetecho.com/docs/videoroom.html (join, ptype
    subscriber)
    """
    body = {
        "request": "join",
        "ptype": "subscriber",
        "room": room,
        "autoupdate": False,
        "streams": msgspec.to_builtins(streams),
    }
    return _with_jsep(await handle.request(body))


async def start(handle: JanusHandle, answer: Jsep) -> None:
    """Answer an offer of Janus: the first, or one that `switch` or a `SubscriberOffer` brought.

    https://janus.conf.meetecho.com/docs/videoroom.html (start)
    """
    await handle.request({"request": "start"}, answer)


async def switch(handle: JanusHandle, streams: Sequence[SwitchStream]) -> Jsep | None:
    """Put other feeds into m-lines. None: done, without renegotiation, and a keyframe was asked for. A
    Jsep: an m-line's former feed had vanished by itself, so Janus makes an offer; the new feed flows after
    `start`.

    While an earlier offer waits for its answer, Janus answers None and the offer comes later, as
    `SubscriberOffer`. JanusRefused 428: no such feed. https://janus.conf.meetecho.com/docs/videoroom.html
    (switch)
    """
    answer = await handle.request({"request": "switch", "streams": msgspec.to_builtins(streams)})
    return answer.jsep


async def update(
    handle: JanusHandle,
    *,
    subscribe: Sequence[SubscribeStream] = (),
    unsubscribe: Sequence[SubscribeStream] = (),
) -> Jsep | None:
    """Add m-lines to a subscriber and take some away: the way that renegotiates. Returns Janus's offer, to be
    answered with `start`; None if nothing changed. The fixed slots are fed with `switch` instead.

    JanusRefused 428: no such feed. https://janus.conf.meetecho.com/docs/videoroom.html (update)
    """
    body: dict[str, Any] = {"request": "update"}
    if subscribe:
        body["subscribe"] = msgspec.to_builtins(subscribe)
    if unsubscribe:
        body["unsubscribe"] = msgspec.to_builtins(unsubscribe)
    return (await handle.request(body)).jsep


async def configure_subscriber(handle: JanusHandle, sending: Sequence[tuple[str, bool]]) -> None:
    """Pause (False) and resume (True) m-lines, by the subscriber's own mids.

    https://janus.conf.meetecho.com/docs/videoroom.html (configure, subscriber)
    """
    streams = [{"mid": mid, "send": send} for mid, send in sending]
    await handle.request({"request": "configure", "streams": streams})


# --- moderating


class Participant(msgspec.Struct, frozen=True, rename={"feed_id": "id"}):
    """Somebody in a room. `publisher`: is publishing. `talking`: None where Janus does not listen."""

    feed_id: int
    display: str = ""
    publisher: bool = False
    dummy: bool = False
    talking: bool | None = None


async def moderate(handle: JanusHandle, room: int, secret: str, feed_id: int, mid: str, mute: bool) -> None:
    """Let nothing of a feed's medium through, whatever its browser does, or let it through again.

    https://janus.conf.meetecho.com/docs/videoroom.html (moderate)
    """
    await handle.request(
        {"request": "moderate", "room": room, "secret": secret, "id": feed_id, "mid": mid, "mute": mute}
    )


async def kick(handle: JanusHandle, room: int, secret: str, feed_id: int) -> None:
    """Put a participant out and close the PeerConnection. Subscribers are told nothing and keep the last
    picture: switch them away before. JanusRefused 428: not in the room.

    https://janus.conf.meetecho.com/docs/videoroom.html (kick)
    """
    await handle.request({"request": "kick", "room": room, "secret": secret, "id": feed_id})


async def list_participants(handle: JanusHandle, room: int) -> tuple[Participant, ...]:
    """Who is in the room: publishers, observers, the dummy; not the subscribers.

    https://janus.conf.meetecho.com/docs/videoroom.html (listparticipants)
    """
    answer = await handle.request({"request": "listparticipants", "room": room})
    return understood(answer.content.get("participants"), tuple[Participant, ...])


async def dummy_feed(handle: JanusHandle, room: int) -> int:
    """The feed id of the room's dummy publisher, which Janus picked when it made the room.

    Raises JanusRefused 428 where the room was made without.
    """
    for participant in await list_participants(handle, room):
        if participant.dummy:
            return participant.feed_id
    raise JanusRefused(RefusalCode.NO_SUCH_FEED, f"Room {room} has no dummy publisher")


# --- forwarding


class ForwardStream(msgspec.Struct, frozen=True):
    """Medium `mid` to UDP `port`. `ssrc`: a new random one for every forward, or the receiver counts a gap
    as loss."""

    mid: str
    port: int
    ssrc: int


class ForwardRequest(msgspec.Struct, frozen=True):
    """Send a feed's media as plain RTP to `host`, an IPv4 address."""

    room: int
    secret: str
    feed_id: int
    host: str
    streams: tuple[ForwardStream, ...]


class Forwarder(msgspec.Struct, frozen=True):
    """A running forward of one medium. `mid` is None where only Janus was asked: it does not tell."""

    stream_id: int
    feed_id: int
    host: str
    port: int
    kind: str
    ssrc: int | None = None
    mid: str | None = None


class _WireForwarder(msgspec.Struct):
    stream_id: int
    host: str
    port: int
    type: str
    ssrc: int | None = None

    def typed(self, feed_id: int, mid: str | None = None) -> Forwarder:
        return Forwarder(self.stream_id, feed_id, self.host, self.port, self.type, self.ssrc, mid)


class _ForwardingFeed(msgspec.Struct):
    publisher_id: int
    forwarders: tuple[_WireForwarder, ...] = ()


async def forward(handle: JanusHandle, wanted: ForwardRequest) -> tuple[Forwarder, ...]:
    """Begin to forward; it ends with the publisher, or with `stop_forward`. Ask for a keyframe afterwards.

    Raises NothingForwarded if a `mid` does not exist, which Janus answers with success; then nothing is being
    forwarded. JanusRefused 428: no such feed. https://janus.conf.meetecho.com/docs/videoroom.html
    (rtp_forward)
    """
    body = {
        "request": "rtp_forward",
        "room": wanted.room,
        "publisher_id": wanted.feed_id,
        "secret": wanted.secret,
        "host": wanted.host,
        "streams": msgspec.to_builtins(wanted.streams),
        **_admin_key(handle),
    }
    answer = await handle.request(body)
    made = understood(answer.content.get("forwarders", ()), tuple[_WireForwarder, ...])
    mids = {(stream.port, stream.ssrc): stream.mid for stream in wanted.streams}
    forwarders = tuple(each.typed(wanted.feed_id, mids.get((each.port, each.ssrc or 0))) for each in made)
    if len(forwarders) < len(wanted.streams):
        await _stop_all(handle, wanted, forwarders)
        raise NothingForwarded(
            f"Janus forwards {len(forwarders)} of {len(wanted.streams)} media of feed {wanted.feed_id}:"
            f" of mids {', '.join(stream.mid for stream in wanted.streams)} not all exist."
        )
    return forwarders


async def _stop_all(handle: JanusHandle, wanted: ForwardRequest, forwarders: Sequence[Forwarder]) -> None:
    for each in forwarders:
        try:
            await stop_forward(handle, wanted.room, wanted.secret, wanted.feed_id, each.stream_id)
        except JanusError:
            # The feed is going; its forwarders go with it, and NothingForwarded says the rest.
            continue


async def list_forwarders(handle: JanusHandle, room: int, secret: str) -> tuple[Forwarder, ...]:
    """Everything that is forwarded out of a room.

    https://janus.conf.meetecho.com/docs/videoroom.html (listforwarders)
    """
    body = {"request": "listforwarders", "room": room, "secret": secret, **_admin_key(handle)}
    answer = await handle.request(body)
    feeds = understood(answer.content.get("publishers", ()), tuple[_ForwardingFeed, ...])
    return tuple(each.typed(feed.publisher_id) for feed in feeds for each in feed.forwarders)


async def stop_forward(handle: JanusHandle, room: int, secret: str, feed_id: int, stream_id: int) -> None:
    """End one forward. JanusRefused 428: the feed or the forward is gone already.

    https://janus.conf.meetecho.com/docs/videoroom.html (stop_rtp_forward)
    """
    body = {
        "request": "stop_rtp_forward",
        "room": room,
        "secret": secret,
        "publisher_id": feed_id,
        "stream_id": stream_id,
        **_admin_key(handle),
    }
    await handle.request(body)


# --- parts of requests


def _admin_key(handle: JanusHandle) -> dict[str, str]:
    key = handle.session.connection.admin_key
    return {"admin_key": key} if key else {}


def _bitrate(bitrate: int | None) -> dict[str, int]:
    return {} if bitrate is None else {"bitrate": bitrate}


def _with_jsep(answer: PluginAnswer) -> Jsep:
    if answer.jsep is None:
        raise JanusError("Janus answered without the offer or answer that belongs to it.")
    return answer.jsep
