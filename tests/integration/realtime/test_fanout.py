"""Notices over real web processes and a real Redis: in order, once, to everybody, whatever one of them does."""

import asyncio
import base64
import os
import socket
import time
from contextlib import AsyncExitStack, suppress

import pytest
import redis

from hopin_backstage.realtime.outlet import MOST_WAITING
from tests.integration.realtime.nonsense import frame
from tests.integration.realtime.room import Page, page
from tests.servers.webs import Webs

CLOSE_TOO_SLOW = 4408


async def test_what_is_said_comes_to_all_processes_once_and_in_order(webs: Webs) -> None:
    async with AsyncExitStack() as doors:
        pages = [await doors.enter_async_context(page(webs, person, person % 2)) for person in range(4)]
        texts = [f"word {number}" for number in range(100)]
        for text in texts:
            await pages[0].say(text)
        for each in pages:
            await each.hears_said(texts[-1])
            assert each.said == texts


async def test_what_two_say_at_once_is_heard_by_everybody_in_the_same_order(webs: Webs) -> None:
    """Each in a process of their own. Which of them comes first is for Redis to say, and for nobody after it."""
    texts = [[f"{speaker} {number}" for number in range(150)] for speaker in range(2)]
    async with AsyncExitStack() as doors:
        pages = [await doors.enter_async_context(page(webs, person, person % 2)) for person in range(6)]
        await asyncio.gather(*map(say_all, pages, texts))
        for each in pages:
            for own in texts:
                await each.hears_said(own[-1])
            assert each.said == pages[0].said
        for speaker, own in enumerate(texts):
            assert [text for text in pages[0].said if text.startswith(f"{speaker} ")] == own
        assert pages[0].said[: len(texts[0])] not in texts, "they spoke one after the other"


async def say_all(speaker: Page, texts: list[str]) -> None:
    for text in texts:
        await speaker.say(text)


async def test_a_process_hears_redis_by_one_connection(webs: Webs) -> None:
    """However many people are in it, and groups: the room, and each person's own."""
    async with AsyncExitStack() as doors:
        pages = [await doors.enter_async_context(page(webs, person, person % 2)) for person in range(8)]
        await pages[0].say("to all")
        for each in pages:
            await each.hears_said("to all")
        with redis.from_url(webs.redis.url) as client:
            subscriptions = [int(each["sub"]) for each in client.client_list(_type="pubsub")]
        assert subscriptions == [5, 5]


async def test_a_notice_never_overtakes_a_snapshot_that_was_read_before_it(webs: Webs) -> None:
    """The snapshot is read, then something is said, then the snapshot is sent: it still comes first."""
    async with page(webs, 0) as slow, page(webs, 1, web=1) as other:
        asked = await slow.send("snapshot.get", after_s=0.5)
        await asyncio.sleep(0.2)
        await other.say("while it was read")
        await other.say("and again")
        await slow.hears(lambda message: message.get("re") == asked)
        await slow.hears_said("and again")
        assert slow.types[-4:] == ["room.snapshot", "ok", "room.said", "room.said"]


async def test_a_notice_that_follows_work_waits_for_the_work(webs: Webs) -> None:
    async with page(webs, 0) as sam, page(webs, 1, web=1) as other:
        for _ in range(20):
            sam.heard.clear()
            await other.say("work")
            await other.say("behind it")
            await sam.hears_said("behind it")
            assert sam.types == ["room.done", "room.said"]


async def test_a_notice_that_comes_together_with_work_waits_for_the_work(webs: Webs) -> None:
    async with page(webs, 0) as sam, page(webs, 1, web=1) as other:
        for _ in range(20):
            await other.say("past the consumer")
            await sam.hears_said("past the consumer")
            sam.heard.clear()
            await other.say("work and a word")
            await sam.hears_said("work and a word")
            assert sam.types == ["room.done", "room.said"]


async def test_what_is_for_the_page_alone_goes_past_the_consumer(webs: Webs) -> None:
    """Straight into its socket, which our server offers: a house of 500 is told in one loop."""
    async with page(webs, 0) as sam, page(webs, 1, web=1) as other:
        for number in range(20):
            await other.say(f"plain {number}")
        await sam.hears_said("plain 19")
        assert (await sam.command("room.turns"))["body"] == {"taken": 0}
        await other.say("work")
        await sam.hears(lambda message: message["type"] == "room.done")
        assert (await sam.command("room.turns"))["body"] == {"taken": 1}


async def test_what_a_consumer_does_not_want_said_is_not_said(webs: Webs) -> None:
    async with page(webs, 0) as sam, page(webs, 1) as other:
        # What was said goes past the consumer without a question; what it wants changes all the same.
        await other.say("before")
        await sam.hears_said("before")
        await sam.command("room.deaf", deaf=True)
        await other.say("secret")
        await other.hears_said("secret")
        await sam.command("room.deaf", deaf=False)
        await other.say("open")
        await sam.hears_said("open")
        assert sam.said == ["before", "open"]


async def test_whose_line_is_being_closed_is_written_nothing_more(webs: Webs) -> None:
    """Though the consumer is inside until the close is answered, which this client never does."""
    reader, writer = await asyncio.open_connection("127.0.0.1", webs.ports[0])
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /room/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
        f"Cookie: sessionid={webs.sessions[0]}\r\n\r\n".encode()
    )
    await asyncio.wait_for(reader.readuntil(b"room.snapshot"), 15)
    async with page(webs, 1) as other:
        await other.say("before")
        await asyncio.wait_for(reader.readuntil(b"before"), 15)
        # No frame has this opcode: the server closes by itself.
        writer.write(frame(0x83, b""))
        await asyncio.wait_for(reader.readuntil(b"opcode 3"), 15)
        reading = asyncio.create_task(rest_of(reader))
        await other.say("behind the close")
        await other.hears_said("behind the close")
        assert await asyncio.wait_for(reading, 15) == b""
    writer.close()


async def rest_of(reader: asyncio.StreamReader) -> bytes:
    """As it comes: what ends in a reset would else be lost."""
    rest = b""
    with suppress(ConnectionResetError):
        while more := await reader.read(65536):
            rest += more
    return rest


async def flood(speaker: Page, text: str, times: int) -> None:
    """In one process of its own pace: 20 a second are allowed from here, 320 at once."""
    for _ in range(times):
        await speaker.say(text)


@pytest.mark.timeout(480)
async def test_who_does_not_read_is_closed_with_a_reason_and_delays_nobody(webs: Webs) -> None:
    large = "x" * 60_000
    async with AsyncExitStack() as doors:
        speaker = await doors.enter_async_context(page(webs, 0))
        reader = await doors.enter_async_context(page(webs, 1))
        sleeper = await doors.enter_async_context(page(webs, 2))
        transport = sleeper.socket.transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * 1024)
        transport.pause_reading()
        slowest_s = 0.0
        # What the kernel takes on both sides, and what we keep.
        for number in range(150):
            began = time.monotonic()
            await speaker.say(f"{number} {large}")
            await reader.hears_said(f"{number} {large}")
            slowest_s = max(slowest_s, time.monotonic() - began)
            if "connection_too_slow" in webs.log():
                break
        else:
            pytest.fail(f"{number} messages of {len(large)} bytes, and nobody was closed")
        assert number * len(large) > MOST_WAITING, "the bound is what it says"
        transport.resume_reading()
        assert await sleeper.closed() == (CLOSE_TOO_SLOW, "does not take what it is told")
        # Up to the close, whole and in order.
        assert [text.split()[0] for text in sleeper.said] == [str(each) for each in range(len(sleeper.said))]
        await speaker.say("and on")
        await reader.hears_said("and on")
        assert slowest_s < 4, f"somebody was delayed by {slowest_s:.1f} s"


async def test_large_snapshots_to_who_does_not_read_have_the_same_bound(webs: Webs) -> None:
    """What goes to a connection by plain `send`."""
    large = "y" * 60_000
    async with page(webs, 3) as sam:
        for _ in range(20):
            await sam.say(large)
        transport = sam.socket.transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * 1024)
        transport.pause_reading()
        before = webs.log().count("connection_too_slow")
        for _ in range(30):
            await sam.send("room.since", number=0)
        async with asyncio.timeout(20):
            while webs.log().count("connection_too_slow") == before:  # noqa: ASYNC110  another process's log
                await asyncio.sleep(0.05)
        transport.resume_reading()
        assert (await sam.closed())[0] == CLOSE_TOO_SLOW


@pytest.mark.timeout(480)
async def test_a_redis_that_died_is_found_again_and_everybody_catches_up(webs: Webs) -> None:
    async with AsyncExitStack() as doors:
        pages = [await doors.enter_async_context(page(webs, person, person % 2)) for person in range(6)]
        await pages[0].say("before")
        for each in pages:
            await each.hears_said("before")
        webs.redis.crash()
        began = time.monotonic()
        # It is committed and answered, though nobody can be told.
        await pages[0].say("lost on its way")
        assert time.monotonic() - began < 3
        late = await doors.enter_async_context(page(webs, 6))
        webs.redis.start()
        for each in [*pages, late]:
            await each.hears(lambda message: message["type"] == "line.catch_up")
            told = (await each.command("room.since", number=0))["body"]["said"]
            assert [text for _, text in told][-2:] == ["before", "lost on its way"]
        await pages[1].say("after")
        for each in [*pages, late]:
            await each.hears_said("after")
        # So does the process that could not tell, once it has paid what it owed: within its longest pause.
        async with asyncio.timeout(10):
            while "again" not in pages[1].said:
                await pages[0].say("again")
                await asyncio.sleep(0.2)
        assert "notice_not_sent" in webs.log()
        assert "notices_lost" in webs.log(1)
        assert "Traceback" not in webs.log() + webs.log(1)


async def test_a_process_that_died_takes_nobody_elses_notices_along(webs: Webs) -> None:
    async with page(webs, 0) as sam:
        async with page(webs, 1, web=1) as lost:
            webs.kill(1)
            await lost.closed()
        await sam.say("alone")
        await sam.hears_said("alone")
        webs.start(1)
        async with page(webs, 1, web=1) as back:
            await sam.say("together")
            await back.hears_said("together")
