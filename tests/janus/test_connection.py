"""Links that break, Januses that restart, deadlines."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from janus import videoroom
from janus.connection import JanusConnection
from janus.errors import JanusRefused, JanusTimeout, JanusUnavailable, RefusalCode
from janus.events import Detached, Joining, PublishersAppeared, Talking
from janus.server import JanusServer
from janus.session import JanusSession, Plugin
from janus.videoroom import RoomConfig
from tests.janus.cast import Cast
from tests.janus.proxy import Proxy
from tests.janus.waiting import Inbox, eventually
from tests.servers.janus import running_janus

pytestmark = pytest.mark.janus

Connect = Callable[..., JanusConnection]
AT_ONCE_S = 0.5


@pytest.fixture
async def proxy(janus: JanusServer) -> AsyncIterator[Proxy]:
    async with Proxy(janus.config.ws_port) as before_janus:
        yield before_janus


@pytest.fixture
async def linked(proxy: Proxy, connect: Connect) -> AsyncIterator[JanusConnection]:
    """A connection through the proxy."""
    async with connect(proxy.url) as connection:
        await connection.wait_connected(5)
        yield connection


async def test_info_says_who_answers(connection: JanusConnection) -> None:
    info = await connection.info()
    assert (info.version, info.version_string, info.server_name) == (1102, "1.1.2", "backstage")
    assert (info.session_timeout_s, info.reclaim_s) == (60, 60)


async def test_without_janus_it_keeps_trying_and_says_so(connect: Connect, proxy: Proxy) -> None:
    proxy.cut()
    async with connect(proxy.url) as connection:
        assert not connection.connected
        with pytest.raises(JanusUnavailable):
            await connection.create_session()
        with pytest.raises(JanusUnavailable):
            await connection.wait_connected(0.3)
        proxy.mend()
        await connection.wait_connected(5)
        assert (connection.connected, connection.epoch) == (True, 1)


async def test_a_wrong_api_secret_is_refused(janus: JanusServer) -> None:
    async with JanusConnection(janus.url, "wrong") as stranger:
        await stranger.wait_connected(5)
        with pytest.raises(JanusRefused) as refused:
            await stranger.create_session()
    assert refused.value.code == RefusalCode.UNAUTHORIZED


async def test_requests_run_beside_each_other(session: JanusSession) -> None:
    handles = await asyncio.gather(*(session.attach(Plugin.VIDEOROOM, Inbox()) for _ in range(50)))
    assert len({handle.id for handle in handles}) == 50
    exist = await asyncio.gather(*(videoroom.room_exists(handle, 999_999) for handle in handles))
    assert exist == [False] * 50


async def test_a_cut_fails_the_waiting_at_once_and_the_session_goes_on(
    proxy: Proxy, linked: JanusConnection, number: int
) -> None:
    told: list[bool] = []
    linked.add_link_listener(told.append)
    async with AsyncExitStack() as stack:
        session = await linked.create_session()
        cast = Cast(session, RoomConfig(room=number, secret="s"), stack)
        handle = await cast.handle()
        await videoroom.create_room(handle, cast.config)
        _, seen = await cast.observer()
        ada = await cast.publisher(video=False)

        proxy.hold()
        waiting = [asyncio.create_task(videoroom.room_exists(handle, number)) for _ in range(3)]
        await proxy.asked.wait()
        cut = time.monotonic()
        proxy.cut()
        for failed in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(failed, JanusUnavailable)
        assert time.monotonic() - cut < AT_ONCE_S
        await eventually(lambda: told == [False])
        with pytest.raises(JanusUnavailable):
            await videoroom.keyframe(ada.handle)

        proxy.mend()
        await linked.wait_connected(5)
        assert (told, linked.epoch, session.lost) == ([False, True], 2, False)
        assert await videoroom.room_exists(handle, number)
        await videoroom.keyframe(ada.handle)
        await videoroom.join_publisher(await cast.handle(), cast.room, 5, "after the cut")
        assert (await seen.next(Joining, display="after the cut")).feed_id == 5
        await session.destroy()


async def test_a_link_listener_can_be_taken_away(proxy: Proxy, linked: JanusConnection) -> None:
    told: list[bool] = []
    linked.add_link_listener(told.append)
    linked.remove_link_listener(told.append)
    linked.remove_link_listener(told.append)
    proxy.cut()
    await eventually(lambda: not linked.connected)
    assert told == []


async def test_a_failing_callback_stops_nothing(
    proxy: Proxy, linked: JanusConnection, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("of the application")

    linked.add_link_listener(fail)
    proxy.cut()
    proxy.mend()
    await eventually(lambda: linked.epoch == 2)
    assert "of the application" in caplog.text
    assert (await linked.info()).version == 1102


async def test_another_connection_claims_a_session_and_its_handles_go_on(
    cast: Cast, connect: Connect
) -> None:
    handle, _ = await cast.observer()
    ada = await cast.publisher(video=False)
    async with connect() as heir:
        await heir.wait_connected(5)
        claimed = await heir.claim_session(cast.session.id)
        assert await heir.claim_session(cast.session.id) is claimed
        seen = Inbox()
        observer = claimed.adopt(handle.id, Plugin.VIDEOROOM, seen, feed_id=handle.feed_id)
        publisher = claimed.adopt(ada.handle.id, Plugin.VIDEOROOM, Inbox(), feed_id=ada.feed_id)
        await videoroom.keyframe(publisher)
        people = await videoroom.list_participants(observer, cast.room)
        assert ada.feed_id in {each.feed_id for each in people if each.publisher}
        async with AsyncExitStack() as stack:
            bob = await Cast(claimed, cast.config, stack).publisher(video=False)
            (feed,) = (await seen.next(PublishersAppeared)).feeds
            assert feed.feed_id == bob.feed_id


async def test_a_session_that_janus_does_not_know_cannot_be_claimed(connection: JanusConnection) -> None:
    with pytest.raises(JanusRefused) as unknown:
        await connection.claim_session(12345)
    assert unknown.value.code == RefusalCode.NO_SUCH_SESSION


async def test_a_destroyed_session_can_be_destroyed_again(connection: JanusConnection) -> None:
    session = await connection.create_session()
    await session.destroy()
    await session.destroy()
    with pytest.raises(JanusRefused) as gone:
        await connection.claim_session(session.id)
    assert gone.value.code == RefusalCode.NO_SUCH_SESSION


async def test_a_detached_handle_is_gone(session: JanusSession) -> None:
    inbox = Inbox()
    handle = await session.attach(Plugin.VIDEOROOM, inbox)
    await handle.hangup()
    await handle.detach()
    with pytest.raises(JanusRefused) as gone:
        await videoroom.room_exists(handle, 1)
    assert gone.value.code == RefusalCode.NO_SUCH_HANDLE
    assert not session.lost
    assert inbox.of(Detached) == []


async def test_a_handle_is_told_when_its_session_is_taken_from_under_it(
    connection: JanusConnection, connect: Connect
) -> None:
    inbox = Inbox()
    session = await connection.create_session()
    handle = await session.attach(Plugin.VIDEOROOM, inbox)
    async with connect() as other:
        await other.wait_connected(5)
        await other.request("detach", session_id=session.id, handle_id=handle.id)
    await inbox.next(Detached)
    await session.destroy()


async def test_a_killed_janus_loses_its_sessions_and_the_next_makes_new_ones(tmp_path: Path) -> None:
    with running_janus(tmp_path) as server:
        async with JanusConnection(
            server.url, server.config.api_secret, admin_key=server.config.admin_key
        ) as connection:
            await connection.wait_connected(5)
            session = await connection.create_session()
            handle = await session.attach(Plugin.VIDEOROOM, Inbox())
            story: list[str] = []
            session.on_lost = lambda: story.append("lost")
            connection.add_link_listener(lambda linked: story.append("linked" if linked else "broken"))
            server.kill()
            await eventually(lambda: not connection.connected)
            server.start()
            await connection.wait_connected(5)
            await eventually(lambda: len(story) == 3)
            assert story == ["broken", "lost", "linked"]
            assert session.lost
            with pytest.raises(JanusRefused) as gone:
                await videoroom.room_exists(handle, 1)
            assert gone.value.code == RefusalCode.NO_SUCH_SESSION
            await session.destroy()
            fresh = await connection.create_session()
            anew = await fresh.attach(Plugin.VIDEOROOM, Inbox())
            await videoroom.create_room(anew, RoomConfig(room=1, secret="s"))
            assert story == ["broken", "lost", "linked"]
            server.kill()
            await eventually(lambda: not connection.connected)
            await fresh.destroy()


def stop_in_its_tracks(server: JanusServer) -> None:
    """Every thread of it has stopped when this returns."""
    assert server.pid is not None
    os.kill(server.pid, signal.SIGSTOP)
    _, status = os.waitpid(server.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def let_go_on(server: JanusServer) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGCONT)


async def test_a_stopped_janus_means_a_timeout_and_then_a_new_link(tmp_path: Path) -> None:
    with running_janus(tmp_path) as server:
        connection = JanusConnection(
            server.url, server.config.api_secret, request_timeout_s=0.4, keepalive_s=0.5
        )
        async with connection:
            await connection.wait_connected(5)
            session = await connection.create_session()
            stop_in_its_tracks(server)
            began = time.monotonic()
            with pytest.raises(JanusTimeout):
                await connection.info()
            assert 0.35 < time.monotonic() - began < 0.4 + AT_ONCE_S
            # The unanswered pings end the link, though its socket still stands.
            await eventually(lambda: not connection.connected)
            let_go_on(server)
            await connection.wait_connected(5)
            assert not session.lost
            await session.attach(Plugin.VIDEOROOM, Inbox())


async def test_keep_alives_keep_a_session_and_without_them_janus_ends_it(tmp_path: Path) -> None:
    with running_janus(tmp_path, session_timeout_s=1) as server:
        secret = server.config.api_secret
        async with (
            JanusConnection(server.url, secret, keepalive_s=0.3) as lively,
            JanusConnection(server.url, secret, keepalive_s=60) as sleepy,
        ):
            await lively.wait_connected(5)
            await sleepy.wait_connected(5)
            kept, forgotten = await lively.create_session(), await sleepy.create_session()
            lost = asyncio.Event()
            forgotten.on_lost = lost.set
            async with asyncio.timeout(10):
                await lost.wait()
            assert forgotten.lost
            await kept.attach(Plugin.VIDEOROOM, Inbox())
            assert not kept.lost


async def test_closing_leaves_the_session_to_the_next_process(connect: Connect) -> None:
    async with connect() as first:
        await first.wait_connected(5)
        session = await first.create_session()
    async with connect() as second:
        await second.wait_connected(5)
        await (await second.claim_session(session.id)).destroy()


async def test_closing_fails_whoever_waits(proxy: Proxy, connect: Connect) -> None:
    connection = connect(proxy.url)
    await connection.start()
    await connection.wait_connected(5)
    proxy.hold()
    waiting = asyncio.create_task(connection.info())
    await proxy.asked.wait()
    await connection.close()
    with pytest.raises(JanusUnavailable):
        await waiting


async def test_events_of_talking_reach_only_their_own_handles(cast: Cast) -> None:
    _, one = await cast.observer()
    _, two = await cast.observer()
    ada = await cast.publisher(video=False)
    for seen in (one, two):
        assert (await seen.next(Talking)).feed_id == ada.feed_id
        assert len(seen.of(PublishersAppeared)) == 1
