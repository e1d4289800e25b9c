"""2,000 sockets over two web processes, five messages a second for a minute, while 50 of them stop reading.

    python -m tests.load.bench_fanout_two                 and then the same with a crash of each part in the middle
    python -m tests.load.bench_fanout_two 400 20 500      sockets, seconds, bytes of a message

Every message is a row. First run: what comes is counted as it comes, nobody asks for anything. Second: after a third
one web process is killed and started again, after two thirds Redis is, and is away for two seconds; pages do what pages
do (come again, ask for what they missed after a gap or when told to catch up), and in the end each has to have the
table. Prints figures, asserts nothing.
"""

import asyncio
import random
import resource
import socket
import sys
import time
from collections import Counter
from typing import Any

import msgspec

from tests.servers.webs import Webs

SOCKETS, SECONDS, SIZE = 2000, 60, 500
A_SECOND, SLEEPERS, PEOPLE = 5, 50, 250


class Client(asyncio.Protocol):
    """One page, as small as can be: 2,000 of them must not be what is measured."""

    def __init__(self, webs: Webs, number: int, *, asks: bool) -> None:
        self.webs, self.number, self.asks = webs, number, asks
        self.seen: list[int] = []
        self.counts: Counter[str] = Counter()
        self.is_asleep = False
        self.is_over = False
        self.inside = asyncio.get_running_loop().create_future()
        self._asked = False

    # --- The line ----------------------------
    async def connect(self) -> None:
        self._buffer = b""
        self._is_open = False
        port = self.webs.ports[(self.number + self.counts["lines"]) % len(self.webs.ports)]
        self.counts["lines"] += 1
        made = socket.socket()
        made.setblocking(False)
        await asyncio.get_running_loop().sock_connect(made, ("127.0.0.1", port))
        self.transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, sock=made)
        cookie = self.webs.sessions[self.number % len(self.webs.sessions)]
        self.transport.write(
            f"GET /room/ HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            f"Cookie: sessionid={cookie}\r\n\r\n".encode()
        )

    def connection_lost(self, exc: Exception | None) -> None:
        self.counts["lost lines"] += 1
        self._asked = False
        if self.asks and not self.is_over:
            self._coming = asyncio.ensure_future(self._come_again())

    async def _come_again(self) -> None:
        pause_s = 0.3
        while not self.is_over:
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))
            pause_s = min(5, 2 * pause_s)
            try:
                await self.connect()
            except OSError:
                continue
            return

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data
        if not self._is_open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            self._is_open = True
        at = 0
        while len(data) - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if len(data) < start + length:
                break
            self._frame(data[at] & 15, data[start : start + length])
            at = start + length
        self._buffer = data[at:]

    def _frame(self, kind: int, payload: bytes) -> None:
        if kind == 1:
            self._told(msgspec.json.decode(payload))
        elif kind == 8:
            self.counts[f"closed {int.from_bytes(payload[:2], 'big')}"] += 1
            self.transport.close()
        elif kind == 9:
            self._send(0x8A, payload)

    def _send(self, first: int, payload: bytes) -> None:
        self.transport.write(bytes([first, 0x80 | len(payload)]) + bytes(4) + payload)

    # --- What a page does ----------------------------
    def _told(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "room.snapshot":
                if not self.inside.done():
                    self.inside.set_result(None)
                    self.seen.append(message["body"]["newest"])
                elif message["body"]["newest"] > self.seen[-1]:
                    self._ask()
            case "room.said":
                self._said(message["revision"])
            case "line.catch_up":
                self.counts["told to catch up"] += 1
                self._ask(again=True)
            case "ok":
                self._asked = False
                for number, _ in message["body"]["said"]:
                    if number > self.seen[-1]:
                        self.seen.append(number)

    def _said(self, number: int) -> None:
        expected = self.seen[-1] + 1
        if number == expected or not self.asks:
            kind = "doubled" if number in self.seen else "out of order" if number < expected else "right"
            self.counts[kind] += 1
            self.seen.append(number)
        elif number > expected:
            self._ask()

    def _ask(self, *, again: bool = False) -> None:
        if self.asks and (again or not self._asked):
            self._asked = True
            self.counts["asked"] += 1
            self._send(0x81, b'{"type":"room.since","id":"1","body":{"number":%d}}' % self.seen[-1])

    def sleep(self) -> None:
        self.is_asleep = True
        self.transport.pause_reading()  # type: ignore[attr-defined]


def resident_mb(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


async def run(webs: Webs, sockets: int, seconds: int, size: int, *, crashes: bool) -> None:
    clients = [Client(webs, number, asks=crashes) for number in range(sockets)]
    for first in range(0, sockets, 25):
        some = clients[first : first + 25]
        await asyncio.gather(*(each.connect() for each in some))
        await asyncio.wait_for(asyncio.gather(*(each.inside for each in some)), 60)
    before = [resident_mb(webs.pid(web)) for web in (0, 1)]
    print(f"{sockets} inside; web processes {before} MB")
    sleepers = random.sample(clients, SLEEPERS * sockets // SOCKETS)
    for each in sleepers:
        each.sleep()
    readers = [each for each in clients if not each.is_asleep]
    published, slowest_s = await publish(webs, seconds, size, crashes=crashes)
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline and any(each.seen[-1] < published[-1] for each in readers):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    sums = sum((each.counts for each in readers), Counter[str]())
    # Everybody was inside before the first was published.
    wrong = [each for each in readers if each.seen[1:] != published]
    lost = sum(len(set(published) - set(each.seen)) for each in readers)
    print(
        f"  published {len(published)}, the slowest in {slowest_s:.1f} s; readers {len(readers)}:"
        f" lost {lost}, {dict(sums)}"
    )
    print(f"  readers whose list is not what was published: {len(wrong)}")
    print(f"  who stopped reading: {dict(sum((each.counts for each in sleepers), Counter[str]()))}")
    print(f"  web processes {[resident_mb(webs.pid(web)) for web in (0, 1)]} MB")
    for each in clients:
        each.is_over = True
        each.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(3)
    print(f"  after all have gone {[resident_mb(webs.pid(web)) for web in (0, 1)]} MB")
    print(f"  tracebacks in the logs: {sum(webs.log(web).count('Traceback') for web in (0, 1))}")


async def publish(webs: Webs, seconds: int, size: int, *, crashes: bool) -> tuple[list[int], float]:
    """Their numbers, and how long the slowest took."""
    text, published, slowest_s = "x" * size, [], 0.0
    jobs: list[asyncio.Future[None]] = []
    loop, began = asyncio.get_running_loop(), time.monotonic()
    for number in range(seconds * A_SECOND):
        if crashes and number == seconds * A_SECOND // 3:
            jobs.append(loop.run_in_executor(None, replace_web, webs))
        if crashes and number == 2 * seconds * A_SECOND // 3:
            jobs.append(loop.run_in_executor(None, replace_redis, webs))
        await asyncio.sleep(max(0, began + number / A_SECOND - time.monotonic()))
        asked = time.monotonic()
        published.append(
            await asyncio.to_thread(
                webs.django, "from tests.servers import room; result = room.say(text)", text=text
            )
        )
        slowest_s = max(slowest_s, time.monotonic() - asked)
    await asyncio.gather(*jobs)
    return published, slowest_s  # type: ignore[return-value]


def replace_web(webs: Webs) -> None:
    webs.kill(1)
    webs.start(1)


def replace_redis(webs: Webs) -> None:
    webs.redis.crash()
    time.sleep(2)
    webs.redis.start()


async def main(sockets: int, seconds: int, size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    for crashes in (False, True):
        with Webs(count=2, people=PEOPLE) as webs:
            print("\nwith a crash of a web process and of Redis" if crashes else "undisturbed")
            await run(webs, sockets, seconds, size, crashes=crashes)


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    asyncio.run(main(*given, *(SOCKETS, SECONDS, SIZE)[len(given) :]))
