"""VideoRoom on a real Janus, with real media."""

import asyncio
import random
import time
from collections.abc import Callable

import pytest

from janus import videoroom
from janus.connection import JanusConnection
from janus.errors import JanusRefused, NothingForwarded, RefusalCode
from janus.events import (
    Hangup,
    Joining,
    Kicked,
    Left,
    Media,
    Moderated,
    PublishersAppeared,
    RoomDestroyed,
    SubscriberOffer,
    Talking,
    Unpublished,
    WebrtcUp,
)
from janus.session import JanusSession, Plugin
from janus.videoroom import ForwardRequest, ForwardStream, RoomConfig, SwitchStream
from tests.janus import rtp
from tests.janus.cast import Cast, Publishing
from tests.janus.peers import Publisher
from tests.janus.waiting import Inbox, eventually
from tests.servers.janus import udp_socket

pytestmark = pytest.mark.janus

DARK, BRIGHT = 60, 200
PACKETS = 20
"""As many packets of video, about a second and a half, without a keyframe: none comes by itself."""


def into_slot(slot: int, feed_id: int) -> list[SwitchStream]:
    return [SwitchStream(feed_id, "0", str(2 * slot - 2)), SwitchStream(feed_id, "1", str(2 * slot - 1))]


async def test_rooms_are_made_found_and_destroyed(session: JanusSession, number: int) -> None:
    handle = await session.attach(Plugin.VIDEOROOM, Inbox())
    assert not await videoroom.room_exists(handle, number)
    await videoroom.create_room(handle, RoomConfig(room=number, secret="s"))
    assert await videoroom.room_exists(handle, number)
    assert number in {room.room for room in await videoroom.list_rooms(handle)}
    with pytest.raises(JanusRefused) as twice:
        await videoroom.create_room(handle, RoomConfig(room=number, secret="s"))
    assert twice.value.code == RefusalCode.ROOM_EXISTS
    with pytest.raises(JanusRefused) as stranger:
        await videoroom.destroy_room(handle, number, "wrong")
    assert stranger.value.code == RefusalCode.WRONG_SECRET
    await videoroom.destroy_room(handle, number, "s")
    assert not await videoroom.room_exists(handle, number)


async def test_a_destroyed_room_tells_those_in_it(cast: Cast) -> None:
    _, seen = await cast.observer()
    await videoroom.destroy_room(await cast.handle(), cast.room, cast.secret)
    assert (await seen.next(RoomDestroyed)).room == cast.room


async def test_a_room_without_the_admin_key_is_refused(
    janus_without_key: JanusConnection, number: int
) -> None:
    session = await janus_without_key.create_session()
    handle = await session.attach(Plugin.VIDEOROOM, Inbox())
    with pytest.raises(JanusRefused) as refused:
        await videoroom.create_room(handle, RoomConfig(room=number, secret="s"))
    assert refused.value.code == RefusalCode.MISSING_ELEMENT
    await session.destroy()


async def test_an_observer_sees_a_feed_come_talk_and_go_once(cast: Cast) -> None:
    observer, seen = await cast.observer()
    somebody = await cast.publisher()
    assert (await seen.next(Joining)).display == f"feed {somebody.feed_id}"
    (feed,) = (await seen.next(PublishersAppeared)).feeds
    assert (feed.feed_id, feed.dummy) == (somebody.feed_id, False)
    assert [(stream.mid, stream.kind, stream.codec) for stream in feed.streams] == [
        ("0", "audio", "opus"),
        ("1", "video", "vp8"),
    ]
    talking = await seen.next(Talking)
    assert (talking.feed_id, talking.mid, talking.talking) == (somebody.feed_id, "0", True)
    assert 0 <= talking.level < 60
    people = {each.feed_id: each for each in await videoroom.list_participants(observer, cast.room)}
    assert people[somebody.feed_id].publisher
    assert people[somebody.feed_id].talking
    assert not people[observer.feed_id or 0].publisher

    await somebody.handle.detach()
    await seen.next(Left, feed_id=somebody.feed_id)
    # A second handle's coming proves that everything Janus had to say about the first has arrived.
    await cast.publisher(video=False)
    await eventually(lambda: len(seen.of(PublishersAppeared)) == 2)
    assert len([event for event in seen.of(Unpublished) if event.feed_id == somebody.feed_id]) == 1


async def test_publishing_in_two_steps_and_again(cast: Cast) -> None:
    _, seen = await cast.observer()
    inbox = Inbox()
    handle = await cast.handle(inbox=inbox)
    joined = await videoroom.join_publisher(handle, cast.room, 77, "Ada")
    assert joined.feed_id == 77
    assert [feed.dummy for feed in joined.feeds] == [True]
    with pytest.raises(JanusRefused) as nothing:
        await videoroom.unpublish(handle)
    assert nothing.value.code == RefusalCode.NOT_PUBLISHED
    for times in (1, 2):
        peer = cast.keep(Publisher(inbox, video=False))
        await peer.accept(await videoroom.publish(handle, await peer.offer(), bitrate=200_000))
        await eventually(lambda times=times: len(inbox.of(WebrtcUp)) == times)
        await videoroom.unpublish(handle)
        await eventually(lambda times=times: len(seen.of(Unpublished)) == times)
        await eventually(lambda times=times: len(inbox.of(Hangup)) == times)
        inbox.events = [event for event in inbox.events if isinstance(event, WebrtcUp | Hangup)]


async def test_a_feed_id_can_be_had_once(cast: Cast) -> None:
    await videoroom.join_publisher(await cast.handle(), cast.room, 77, "Ada")
    with pytest.raises(JanusRefused) as taken:
        await videoroom.join_publisher(await cast.handle(), cast.room, 77, "Bob")
    assert taken.value.code == RefusalCode.FEED_ID_EXISTS


async def test_the_sixth_publisher_is_refused(cast: Cast) -> None:
    for _ in range(5):
        await cast.publisher(video=False)
    with pytest.raises(JanusRefused) as full:
        await cast.publisher(video=False)
    assert full.value.code == RefusalCode.PUBLISHERS_FULL


async def test_a_publisher_who_falls_silent_is_noticed(cast: Cast) -> None:
    somebody = await cast.publisher(video=False)
    for sender in somebody.peer.pc.getSenders():
        sender.track.stop()
    await somebody.inbox.next(Media, kind="audio", receiving=False)


async def test_five_slots_are_fed_by_switch_without_renegotiation(cast: Cast) -> None:
    dummy = await videoroom.dummy_feed(await cast.handle(), cast.room)
    ada = await cast.publisher(DARK)
    watching = await cast.subscriber(*[dummy] * 5)
    assert [each.mid for each in watching.peer.pc.getTransceivers()] == [str(mid) for mid in range(10)]
    assert await videoroom.switch(watching.handle, into_slot(3, ada.feed_id)) is None
    await watching.peer.sees("5", DARK)
    bob = await cast.publisher(BRIGHT)
    assert await videoroom.switch(watching.handle, into_slot(3, bob.feed_id)) is None
    took_s = await watching.peer.sees("5", BRIGHT)
    assert took_s < 2
    await videoroom.configure_subscriber(watching.handle, [("5", False)])
    assert await videoroom.switch(watching.handle, into_slot(3, dummy)) is None


async def test_update_adds_an_m_line_and_takes_one_away(cast: Cast) -> None:
    ada, bob = await cast.publisher(DARK), await cast.publisher(BRIGHT)
    watching = await cast.subscriber(ada.feed_id)
    await watching.peer.sees("1", DARK)
    more = [videoroom.SubscribeStream(feed_id=bob.feed_id, mid="1")]
    offer = await videoroom.update(watching.handle, subscribe=more)
    assert offer is not None
    await videoroom.start(watching.handle, await watching.peer.answer(offer))
    await videoroom.keyframe(bob.handle)
    await watching.peer.sees("2", BRIGHT)
    less = await videoroom.update(watching.handle, unsubscribe=more)
    assert less is not None
    assert "a=inactive" in less.sdp


async def test_a_paused_slot_shows_nothing_new(cast: Cast) -> None:
    ada = await cast.publisher(DARK)
    watching = await cast.subscriber(ada.feed_id)
    await watching.peer.sees("1", DARK)
    await videoroom.configure_subscriber(watching.handle, [("1", False)])
    # What was on its way when Janus stopped is let through first; then the sound goes on and the picture stays.
    pictures = await still(watching.peer.frames)
    assert watching.peer.frames["1"] == pictures
    await videoroom.configure_subscriber(watching.handle, [("1", True)])
    await videoroom.keyframe(ada.handle)
    await watching.peer.sees("1", DARK)


async def still(frames: dict[str, int]) -> int:
    """Wait until a second of sound (50 frames) passed without a picture; returns the number of pictures."""
    while True:
        pictures, sounds = frames.get("1", 0), frames.get("0", 0)
        await eventually(lambda sounds=sounds: frames.get("0", 0) > sounds + 50)
        if frames.get("1", 0) == pictures:
            return pictures


async def test_after_a_kick_the_next_switch_makes_an_offer_and_heals(cast: Cast) -> None:
    dummy = await videoroom.dummy_feed(await cast.handle(), cast.room)
    _, seen = await cast.observer()
    ada, bob = await cast.publisher(DARK), await cast.publisher(BRIGHT)
    watching = await cast.subscriber(ada.feed_id, dummy)
    await watching.peer.sees("1", DARK)

    await videoroom.kick(await cast.handle(), cast.room, cast.secret, ada.feed_id)
    await ada.inbox.next(Hangup)
    assert await ada.inbox.next(Left) == Left(ada.feed_id, "kicked")
    assert (await seen.next(Kicked)).feed_id == ada.feed_id

    offer = await videoroom.switch(watching.handle, into_slot(1, bob.feed_id) + into_slot(2, bob.feed_id))
    assert offer is not None
    assert offer.type == "offer"
    await videoroom.start(watching.handle, await watching.peer.answer(offer))
    await videoroom.keyframe(bob.handle)
    await watching.peer.sees("1", BRIGHT)
    await watching.peer.sees("3", BRIGHT)
    assert await videoroom.switch(watching.handle, into_slot(1, dummy)) is None


async def test_an_offer_that_had_to_wait_comes_unasked(cast: Cast) -> None:
    ada, bob, eve = await cast.publisher(DARK), await cast.publisher(DARK), await cast.publisher(BRIGHT)
    watching = await cast.subscriber(ada.feed_id, bob.feed_id)
    moderator = await cast.handle()
    await videoroom.kick(moderator, cast.room, cast.secret, ada.feed_id)
    await ada.inbox.next(Hangup)
    first = await videoroom.switch(watching.handle, into_slot(1, eve.feed_id))
    assert first is not None
    await videoroom.kick(moderator, cast.room, cast.secret, bob.feed_id)
    await bob.inbox.next(Hangup)
    assert await videoroom.switch(watching.handle, into_slot(2, eve.feed_id)) is None
    await videoroom.start(watching.handle, await watching.peer.answer(first))
    second = await watching.inbox.next(SubscriberOffer)
    await videoroom.start(watching.handle, await watching.peer.answer(second.jsep))
    await videoroom.keyframe(eve.handle)
    await watching.peer.sees("1", BRIGHT)
    await watching.peer.sees("3", BRIGHT)


async def test_a_feed_that_is_not_there_is_refused(cast: Cast) -> None:
    dummy = await videoroom.dummy_feed(await cast.handle(), cast.room)
    watching = await cast.subscriber(dummy)
    with pytest.raises(JanusRefused) as nobody:
        await videoroom.switch(watching.handle, into_slot(1, 999_999))
    assert nobody.value.code == RefusalCode.NO_SUCH_FEED


async def test_a_muted_feed_is_silent_for_everybody(cast: Cast) -> None:
    moderator = await cast.handle()
    _, seen = await cast.observer()
    ada = await cast.publisher(DARK)
    watching = await cast.subscriber(ada.feed_id)
    await eventually(lambda: watching.peer.frames.get("0", 0) > 10)
    await videoroom.moderate(moderator, cast.room, cast.secret, ada.feed_id, "1", mute=True)
    assert await seen.next(Moderated) == Moderated(ada.feed_id, "1", muted=True)
    await still(watching.peer.frames)
    await videoroom.moderate(moderator, cast.room, cast.secret, ada.feed_id, "1", mute=False)
    await videoroom.keyframe(ada.handle)
    await watching.peer.sees("1", DARK)
    with pytest.raises(JanusRefused) as stranger:
        await videoroom.moderate(moderator, cast.room, "wrong", ada.feed_id, "1", mute=True)
    assert stranger.value.code == RefusalCode.WRONG_SECRET


def forward_request(cast: Cast, feed_id: int, *streams: ForwardStream) -> ForwardRequest:
    return ForwardRequest(cast.room, cast.secret, feed_id, "127.0.0.1", streams)


def random_ssrc() -> int:
    return random.randrange(1, 2**32)


async def settle(cast: Cast, ada: Publishing) -> None:
    """Wait until the keyframes that Janus asks each new publisher for are over."""
    with udp_socket() as picture:
        wanted = forward_request(cast, ada.feed_id, ForwardStream("1", picture.getsockname()[1], 1))
        (forwarder,) = await videoroom.forward(ada.handle, wanted)
        async with asyncio.timeout(10):
            while any([(await rtp.receive(picture)).starts_keyframe for _ in range(PACKETS)]):
                pass
        await videoroom.stop_forward(ada.handle, cast.room, cast.secret, ada.feed_id, forwarder.stream_id)


async def test_a_forward_sends_no_keyframe_until_one_is_asked_for(cast: Cast) -> None:
    ada = await cast.publisher()
    await settle(cast, ada)
    handle = await cast.handle()
    with udp_socket() as sound, udp_socket() as picture:
        wanted = forward_request(
            cast,
            ada.feed_id,
            ForwardStream("0", sound.getsockname()[1], random_ssrc()),
            ForwardStream("1", picture.getsockname()[1], random_ssrc()),
        )
        forwarders = await videoroom.forward(handle, wanted)
        assert [(each.mid, each.kind, each.port, each.ssrc) for each in forwarders] == [
            ("0", "audio", wanted.streams[0].port, wanted.streams[0].ssrc),
            ("1", "video", wanted.streams[1].port, wanted.streams[1].ssrc),
        ]
        assert (await rtp.receive(sound)).ssrc == wanted.streams[0].ssrc
        first = [await rtp.receive(picture) for _ in range(PACKETS)]
        assert {packet.ssrc for packet in first} == {wanted.streams[1].ssrc}
        assert not any(packet.starts_keyframe for packet in first)

        await videoroom.keyframe(ada.handle)
        asked = time.monotonic()
        while not (await rtp.receive(picture)).starts_keyframe:
            assert time.monotonic() - asked < 1

        listed = await videoroom.list_forwarders(handle, cast.room, cast.secret)
        assert {each.stream_id for each in listed} == {each.stream_id for each in forwarders}
        assert {each.feed_id for each in listed} == {ada.feed_id}
        for each in forwarders:
            await videoroom.stop_forward(handle, cast.room, cast.secret, ada.feed_id, each.stream_id)
        assert await videoroom.list_forwarders(handle, cast.room, cast.secret) == ()
        with pytest.raises(JanusRefused) as gone:
            await videoroom.stop_forward(handle, cast.room, cast.secret, ada.feed_id, forwarders[0].stream_id)
        assert gone.value.code == RefusalCode.NO_SUCH_FEED


async def test_a_forward_of_a_medium_that_is_not_there_leaves_nothing_behind(cast: Cast) -> None:
    ada = await cast.publisher(video=False)
    handle = await cast.handle()
    for mids in (("9",), ("0", "9")):
        wanted = forward_request(
            cast, ada.feed_id, *(ForwardStream(mid, 40_000, random_ssrc()) for mid in mids)
        )
        with pytest.raises(NothingForwarded):
            await videoroom.forward(handle, wanted)
        assert await videoroom.list_forwarders(handle, cast.room, cast.secret) == ()


async def test_a_forward_with_the_wrong_secret_is_refused(cast: Cast) -> None:
    ada = await cast.publisher(video=False)
    wanted = ForwardRequest(cast.room, "wrong", ada.feed_id, "127.0.0.1", (ForwardStream("0", 40_000, 1),))
    with pytest.raises(JanusRefused) as stranger:
        await videoroom.forward(await cast.handle(), wanted)
    assert stranger.value.code == RefusalCode.WRONG_SECRET


async def test_another_connection_may_ask_for_a_keyframe_without_disturbing_the_owner(
    cast: Cast, connect: Callable[..., JanusConnection]
) -> None:
    ada = await cast.publisher()
    await settle(cast, ada)
    with udp_socket() as picture:
        wanted = forward_request(cast, ada.feed_id, ForwardStream("1", picture.getsockname()[1], 5))
        await videoroom.forward(await cast.handle(), wanted)
        assert not any([(await rtp.receive(picture)).starts_keyframe for _ in range(PACKETS)])
        before = list(ada.inbox.events)
        async with connect() as stranger:
            await stranger.wait_connected(5)
            await stranger.request_keyframe(cast.session.id, ada.handle.id)
            asked = time.monotonic()
            while not (await rtp.receive(picture)).starts_keyframe:
                assert time.monotonic() - asked < 1
            with pytest.raises(JanusRefused) as no_session:
                await stranger.request_keyframe(12345, ada.handle.id)
            assert no_session.value.code == RefusalCode.NO_SUCH_SESSION
            with pytest.raises(JanusRefused) as no_handle:
                await stranger.request_keyframe(cast.session.id, 12345)
            assert no_handle.value.code == RefusalCode.NO_SUCH_HANDLE
    await still_owned(ada)
    assert ada.inbox.events[: len(before)] == before
    assert not ada.inbox.events[len(before) :]
    assert not cast.session.lost


async def test_an_answer_to_somebody_elses_request_is_no_event(
    cast: Cast, connect: Callable[..., JanusConnection]
) -> None:
    ada, bob = await cast.publisher(), await cast.publisher()
    watching = await cast.subscriber(ada.feed_id)
    await videoroom.kick(await cast.handle(), cast.room, cast.secret, ada.feed_id)
    await ada.inbox.next(Hangup)
    body = {"request": "switch", "streams": [{"feed": bob.feed_id, "mid": "0", "sub_mid": "0"}]}
    async with connect() as stranger:
        await stranger.wait_connected(5)
        await stranger.request("message", session_id=cast.session.id, handle_id=watching.handle.id, body=body)
    # Janus works a handle's requests off in order, so the stranger's answer is in when this one's is.
    await videoroom.configure_subscriber(watching.handle, [("0", True)])
    assert watching.inbox.of(SubscriberOffer) == []


async def still_owned(ada: Publishing) -> None:
    """Requests and their asynchronous answers come to the owner."""
    await asyncio.gather(*(videoroom.keyframe(ada.handle) for _ in range(20)))
