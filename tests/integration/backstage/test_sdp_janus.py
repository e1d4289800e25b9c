"""What a page says in SDP, on a real Janus of its own: before, one line of one page stopped every room."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from backstage.media.publisher import Publisher
from backstage.media.sdp import UnfitSdp
from backstage.media.secrets import room_secret
from backstage.media.watcher import Watcher
from janus import videoroom
from janus.connection import JanusConnection
from janus.events import WebrtcUp
from janus.server import JanusServer
from janus.session import JanusSession, Plugin
from janus.videoroom import RoomConfig
from tests.janus import peers
from tests.janus.waiting import Inbox
from tests.servers.janus import running_janus

pytestmark = [pytest.mark.janus]

FIRST_ROOM, OTHER_ROOM = 1, 2
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


@pytest.fixture
def own_janus(tmp_path: Path) -> Iterator[JanusServer]:
    """Not one that others use: what is tried here once made Janus loop and log for ever."""
    with running_janus(tmp_path) as server:
        yield server


async def make_room(session: JanusSession, room: int) -> None:
    handle = await session.attach(Plugin.VIDEOROOM, Inbox())
    await videoroom.create_room(handle, RoomConfig(room=room, secret=room_secret(room), fir_freq=0))


async def test_a_hostile_offer_stops_no_room(own_janus: JanusServer) -> None:
    config = own_janus.config
    inbox, seen = Inbox(), Inbox()
    sender, onlooker = peers.Publisher(inbox), peers.Watcher(seen)
    connection = JanusConnection(own_janus.url, config.api_secret, admin_key=config.admin_key)
    async with connection:
        await connection.wait_connected(5)
        session = await connection.create_session()
        for room in (FIRST_ROOM, OTHER_ROOM):
            await make_room(session, room)
        offer = (await sender.offer()).sdp
        hostile = offer.replace("a=mid:0\r\n", f"a=mid:0\r\na=extmap:-1 {AUDIO_LEVEL}\r\n")
        assert hostile != offer
        try:
            answer = await Publisher(FIRST_ROOM, uuid4(), 11).start(
                session, hostile, "mallory", 300_000, inbox
            )
            assert "extmap:-1" not in answer
            # Another room can be joined, and its pictures flow.
            publisher = Publisher(OTHER_ROOM, uuid4(), 22)
            answer = await publisher.start(session, offer, "sam", 300_000, inbox)
            await sender.accept(peers.Jsep("answer", answer))
            await inbox.next(WebrtcUp)
            watcher = Watcher(OTHER_ROOM, 22, offered=lambda _sdp: None)
            to_answer = await watcher.start(session, [None] * 5, seen)
            good = (await onlooker.answer(peers.Jsep("offer", to_answer))).sdp
            with pytest.raises(UnfitSdp):
                await watcher.answer(good.replace("a=mid:9", "a=mid:\t7"))
            await watcher.answer(good)
            await seen.next(WebrtcUp)
            assert await onlooker.sees("1", 128) < 8
        finally:
            await sender.close()
            await onlooker.close()
