"""Nothing secret is ever logged, by us or by the libraries below, at any level."""

import logging
import subprocess
import sys

import pytest

from janus import streaming, videoroom
from janus.connection import JanusConnection
from janus.errors import JanusRefused
from janus.jsep import Candidate
from janus.server import JanusServer
from janus.session import Plugin
from janus.streaming import MountpointConfig
from janus.videoroom import ForwardRequest, ForwardStream, RoomConfig
from tests.janus.waiting import Inbox

pytestmark = pytest.mark.janus

ROOM_SECRET, MOUNTPOINT_SECRET, PIN = "room-secret-9f3", "mountpoint-secret-5b7", "pin-77aa"
LOGGERS = ("", "janus_client", "janus_client.transport", "janus_client.transport_websocket")
MORE_LOGGERS = ("websockets", "websockets.client", "janus", "janus.link", "janus.websocket", "asyncio")


async def test_secrets_never_reach_a_log(
    janus: JanusServer, caplog: pytest.LogCaptureFixture, number: int, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in LOGGERS + MORE_LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)
    config = janus.config
    async with JanusConnection(janus.url, config.api_secret, admin_key=config.admin_key) as connection:
        await connection.wait_connected(5)
        session = await connection.create_session()
        room = await session.attach(Plugin.VIDEOROOM, Inbox())
        await videoroom.create_room(room, RoomConfig(room=number, secret=ROOM_SECRET))
        await videoroom.join_observer(room, number, "observer")
        await room.trickle(Candidate("candidate:1 1 udp 1 192.0.2.9 9 typ host", "0", 0))
        await room.trickle(None)
        wanted = ForwardRequest(number, ROOM_SECRET, 1, "127.0.0.1", (ForwardStream("0", 9, 1),))
        with pytest.raises(JanusRefused):
            await videoroom.forward(room, wanted)
        await videoroom.list_forwarders(room, number, ROOM_SECRET)
        stage = await session.attach(Plugin.STREAMING, Inbox())
        mountpoint = MountpointConfig(mountpoint=number, secret=MOUNTPOINT_SECRET, pin=PIN, name="Stage")
        await streaming.create_mountpoint(stage, mountpoint)
        await streaming.mountpoint_info(stage, number, MOUNTPOINT_SECRET)
        offer = await streaming.watch(stage, number, PIN)
        await streaming.destroy_mountpoint(stage, number, MOUNTPOINT_SECRET)
        await videoroom.destroy_room(room, number, ROOM_SECRET)
        await session.destroy()
        texts = [repr(each) for each in (connection, session, room, config)]
    ice_password = offer.sdp.split("a=ice-pwd:")[1].split()[0]
    secrets = (config.api_secret, config.admin_key, config.admin_secret, ROOM_SECRET, MOUNTPOINT_SECRET, PIN)

    assert {record.name for record in caplog.records} >= {"janus_client.transport", "janus.connection"}
    written = "\n".join([caplog.text, *(repr(vars(record)) for record in caplog.records), *texts])
    written += "".join(capfd.readouterr())
    for secret in (*secrets, ice_password):
        assert secret not in written


def test_importing_the_adapter_brings_in_no_media_stack_and_configures_no_logging() -> None:
    program = (
        "import logging, sys, janus.connection, janus.videoroom, janus.streaming, janus.server\n"
        "assert not {'aiortc', 'av', 'janus_client', 'django'} & set(sys.modules), sorted(sys.modules)\n"
        "assert not logging.root.handlers\n"
        "import janus_client\n"
        "assert janus_client.JanusTransportWebsocket is janus.link.JanusTransportWebsocket\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
