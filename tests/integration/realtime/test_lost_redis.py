"""Subscription and publisher against a Redis that dies, hangs and comes back: nothing is lost without a word."""

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import redis as client

from hopin_backstage.realtime import subscription
from hopin_backstage.realtime.publisher import PATIENCE_S, Publisher
from hopin_backstage.realtime.subscription import Subscription
from hopin_backstage.realtime.told import Told, unpack
from tests.servers.redis import PrivateRedis


@pytest.fixture
def redis() -> Iterator[PrivateRedis]:
    server = PrivateRedis()
    server.start()
    yield server
    server.stop()


class Ear:
    def __init__(self, redis: PrivateRedis) -> None:
        self.heard: list[str] = []
        self.repairs = 0
        self.subscription = Subscription(redis.url, self._hear, self._repaired)

    def _hear(self, channel: str, packed: bytes) -> None:
        notice = unpack(packed)
        self.heard.append(f"{channel} {notice.kind}")

    def _repaired(self) -> None:
        self.repairs += 1


async def until(condition: Callable[[], object], within_s: float = 15) -> None:
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110  another process's doing
            await asyncio.sleep(0.02)


async def test_once_added_nothing_is_missed_however_often_one_leaves_and_comes(redis: PrivateRedis) -> None:
    publisher, ear = Publisher(redis.url), Ear(redis)
    for number in range(50):
        await ear.subscription.add("room")
        await asyncio.to_thread(publisher.send_all, [("room", Told(f"n{number}", b"{}"))])
        await until(lambda number=number: f"room n{number}" in ear.heard)
        ear.subscription.remove("room")
        if number % 2:
            # Seen by the connection as a leaving and a coming, otherwise as nothing.
            await asyncio.sleep(0)
    assert ear.heard == [f"room n{number}" for number in range(50)]
    assert ear.repairs == 0
    await ear.subscription.close()


async def test_an_address_may_have_options(redis: PrivateRedis) -> None:
    url = f"{redis.url}?max_connections=50&socket_timeout=5&protocol=3"
    heard: list[bytes] = []
    subscription = Subscription(url, lambda _channel, packed: heard.append(packed), lambda: None)
    async with asyncio.timeout(5):
        await subscription.add("room")
    await asyncio.to_thread(Publisher(url).send_all, [("room", Told("told", b"{}"))])
    await until(lambda: heard)
    await subscription.close()


async def test_who_comes_while_redis_is_away_does_not_wait_and_is_told_later(redis: PrivateRedis) -> None:
    publisher, ear = Publisher(redis.url), Ear(redis)
    await ear.subscription.add("room")
    redis.crash()
    began = time.monotonic()
    await asyncio.to_thread(publisher.send_all, [("room", Told("lost", b"{}"))])
    await asyncio.to_thread(publisher.send_all, [("room", Told("lost too", b"{}"))])
    async with asyncio.timeout(5):
        await ear.subscription.add("late")
    assert time.monotonic() - began < 3
    redis.start()
    await until(lambda: ear.repairs == 1)

    async def tell_until_heard() -> None:
        # The publisher tries again by itself, and tells nothing but to catch up until it has got through.
        while "late now" not in ear.heard:
            await asyncio.to_thread(publisher.send_all, [("late", Told("now", b"{}"))])
            await asyncio.sleep(0.1)

    await asyncio.wait_for(tell_until_heard(), 15)
    assert not [each for each in ear.heard if "lost" in each]
    await ear.subscription.close()


async def test_what_only_the_publisher_could_not_tell_is_owed_and_paid(redis: PrivateRedis) -> None:
    """Redis takes no writes for a while, and PUBLISH is one to it; its subscriptions go on."""
    publisher, ear = Publisher(redis.url), Ear(redis)
    await ear.subscription.add("room")
    with client.from_url(redis.url) as commands:
        commands.client_pause(1500, all=False)
    await asyncio.to_thread(publisher.send_all, [("room", Told("nobody knows", b"{}"))])
    await until(lambda: "room line.catch_up" in ear.heard)
    assert ear.repairs == 0
    await ear.subscription.close()


async def test_what_one_of_several_is_refused_is_owed_and_no_answer_taken_for_another(
    redis: PrivateRedis,
) -> None:
    ear = Ear(redis)
    publisher = Publisher(redis.url.replace(urlsplit(redis.url).netloc.split("@")[0], "speaker:said"))
    await ear.subscription.add("closed")
    with client.from_url(redis.url) as commands:
        commands.execute_command("ACL", "SETUSER", "speaker", "on", ">said", "+publish", "&room")
        both = [("closed", Told("one", b"{}")), ("room", Told("another", b"{}"))]
        await asyncio.to_thread(publisher.send_all, both)
        # Tried again meanwhile: in vain, which the other one's answer must not hide.
        await asyncio.sleep(0.2)
        commands.execute_command("ACL", "SETUSER", "speaker", "allchannels")
    await until(lambda: "closed line.catch_up" in ear.heard)
    assert ear.repairs == 0
    await ear.subscription.close()


async def test_a_redis_that_hangs_is_noticed_by_both(
    redis: PrivateRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "ASK_AFTER_S", 0.3)
    monkeypatch.setattr(subscription, "ANSWER_WITHIN_S", 0.3)
    monkeypatch.setattr(subscription, "CONNECT_WITHIN_S", 0.5)
    publisher, ear = Publisher(redis.url), Ear(redis)
    await ear.subscription.add("room")
    await asyncio.to_thread(publisher.send_all, [("room", Told("before", b"{}"))])
    await until(lambda: ear.heard)
    os.kill(redis.pid, signal.SIGSTOP)
    began = time.monotonic()
    await asyncio.to_thread(publisher.send_all, [("room", Told("into the void", b"{}"))])
    assert PATIENCE_S <= time.monotonic() - began < 2 * PATIENCE_S + 1
    began = time.monotonic()
    await asyncio.to_thread(publisher.send_all, [("room", Told("nobody waits twice", b"{}"))])
    assert time.monotonic() - began < PATIENCE_S / 2
    await asyncio.sleep(1.5)
    os.kill(redis.pid, signal.SIGCONT)
    await until(lambda: ear.repairs)
    await ear.subscription.close()
