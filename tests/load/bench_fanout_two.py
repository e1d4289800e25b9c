"""2,000 sockets over two web processes, five messages a second for a minute, while 50 of them stop reading.

    python -m tests.load.bench_fanout_two                          undisturbed, then with crashes; on SQLite
    python -m tests.load.bench_fanout_two postgres crashes         only the second, and the database crashes, too
    python -m tests.load.bench_fanout_two 400 20 500               sockets, seconds, bytes of a message

Every message is a row. First run: what comes is counted as it comes, nobody asks for anything. Second: after a quarter
one web process is killed and started again, after half of the time Redis is, and after three quarters PostgreSQL, each
away for two seconds; pages do what pages do (come again; ask for what they missed after a gap, when told to catch up,
and once more where that was refused, after a pause). Prints figures; unless the list of each who reads is the table in
the end, it ends with exit status 1.
"""

import asyncio
import random
import re
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
#: Seconds that everybody has to be back and complete, and that a part is away.
COMPLETE_WITHIN_S, AWAY_S = 120, 2
#: What a page has of protocol.js and line.js: messages of an answer; seconds for an answer, before it asks again, and
#: before it comes again.
PAGE, ANSWER_WITHIN_S, ASK_AGAIN_S, COME_AGAIN_S = 50, 12, (1, 8), (0.3, 5)


class Client(asyncio.Protocol):
    """One page, as small as can be: 2,000 of them must not be what is measured."""

    def __init__(self, webs: Webs, number: int, *, asks: bool) -> None:
        self.webs, self.number, self.asks = webs, number, asks
        self.seen: list[int] = []
        self.counts: Counter[str] = Counter()
        self.is_asleep = False
        self.is_over = False
        self.inside = asyncio.get_running_loop().create_future()
        self._loop = asyncio.get_running_loop()
        self._asking: asyncio.TimerHandle | None = None
        self._pause_s = ASK_AGAIN_S[0]
        self._come_again_s = COME_AGAIN_S[0]

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
        self._answered()
        if self.asks and not self.is_over:
            self._coming = asyncio.ensure_future(self._come_again())

    async def _come_again(self) -> None:
        while not self.is_over:
            pause_s = self._come_again_s
            self._come_again_s = min(COME_AGAIN_S[1], 2 * pause_s)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1))
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
                self._come_again_s = COME_AGAIN_S[0]
                if not self.inside.done():
                    self.inside.set_result(None)
                    self.seen.append(message["body"]["newest"])
                elif message["body"]["newest"] > self.seen[-1]:
                    self._ask()
            case "room.said":
                self._said(message["revision"])
            case "line.catch_up":
                self.counts["told to catch up"] += 1
                self._ask()
            case "ok":
                self._answered()
                self._pause_s = ASK_AGAIN_S[0]
                self.seen += [number for number, _ in message["body"]["said"] if number > self.seen[-1]]
                if message["body"]["more"]:
                    self._ask()
            case "error":
                self.counts[f"refused: {message['code']}"] += 1
                self._answered()
                self._ask_again_later()

    def _said(self, number: int) -> None:
        expected = self.seen[-1] + 1
        if number == expected or not self.asks:
            kind = "doubled" if number in self.seen else "out of order" if number < expected else "right"
            self.counts[kind] += 1
            self.seen.append(number)
        elif number > expected:
            self._ask()

    def _ask(self) -> None:
        """One question at a time; what comes while it is answered is in the answer, or shows a gap again."""
        if not self.asks or self._asking is not None:
            return
        self._asking = self._loop.call_later(ANSWER_WITHIN_S, self.transport.abort)  # type: ignore[attr-defined]
        self.counts["asked"] += 1
        body = b'{"type":"room.since","id":"1","body":{"number":%d,"most":%d}}' % (self.seen[-1], PAGE)
        self._send(0x81, body)

    def _answered(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _ask_again_later(self) -> None:
        self._asking = self._loop.call_later(self._pause_s * random.uniform(0.5, 1), self._ask_again)
        self._pause_s = min(ASK_AGAIN_S[1], 2 * self._pause_s)

    def _ask_again(self) -> None:
        self._asking = None
        self._ask()

    def sleep(self) -> None:
        self.is_asleep = True
        self.transport.pause_reading()  # type: ignore[attr-defined]


def resident_mb(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmRSS"))


async def run(webs: Webs, sockets: int, seconds: int, size: int, *, crashes: bool) -> int:
    """How many readers have another list than the table."""
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
    slowest_s = await publish(webs, seconds, size, crashes=crashes)
    table = await asyncio.to_thread(
        webs.django, "from tests.servers import room; result = [n for n, _ in room.since(0, 10_000)]"
    )
    ended, deadline = time.monotonic(), time.monotonic() + COMPLETE_WITHIN_S
    # Everybody was inside before the first was published.
    while (wrong := incomplete(readers, table)) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    sums = sum((each.counts for each in readers), Counter[str]())
    lost = sum(len(set(table) - set(each.seen)) for each in readers)
    print(
        f"  in the table {len(table)}, the slowest in {slowest_s:.1f} s; readers {len(readers)}:"
        f" lost {lost}, {dict(sums)}"
    )
    print(
        f"  all complete {time.monotonic() - ended:.1f} s after the last" if not wrong else "  not complete"
    )
    print(f"  readers whose list is not the table: {len(wrong)}")
    for each in wrong[:1]:
        missing, more = sorted({*table} - {*each.seen}), sorted({*each.seen[1:]} - {*table})
        print(f"    the first misses {missing[:5]}, has besides {more[:5]}, began at {each.seen[0]}")
    print(f"  who stopped reading: {dict(sum((each.counts for each in sleepers), Counter[str]()))}")
    print(f"  web processes {[resident_mb(webs.pid(web)) for web in (0, 1)]} MB")
    for each in clients:
        each.is_over = True
        each.transport.abort()  # type: ignore[attr-defined]
    await asyncio.sleep(3)
    print(f"  after all have gone {[resident_mb(webs.pid(web)) for web in (0, 1)]} MB")
    # Django's sessions look for what they have loaded by an AttributeError, which stands in the traceback of whatever
    # fails in loading them.
    log = re.sub(
        r"AttributeError: \S+ object has no attribute '_session_cache'", "", webs.log(0) + webs.log(1)
    )
    raised = Counter(re.findall(r"\b\w+(?:Error|Exception)\b", log))
    print(f"  exceptions in the logs: {dict(raised)}")
    return len(wrong)


def incomplete(readers: list[Client], table: list[int]) -> list[Client]:
    return [each for each in readers if each.seen[1:] != table]


async def publish(webs: Webs, seconds: int, size: int, *, crashes: bool) -> float:
    """Seconds that the slowest took. What a database that is away does not take is not said again."""
    text, slowest_s = "x" * size, 0.0
    jobs: list[asyncio.Future[None]] = []
    loop, began = asyncio.get_running_loop(), time.monotonic()
    due = {seconds * A_SECOND * part // 4: crash for part, crash in enumerate(CRASHES, 1)} if crashes else {}
    for number in range(seconds * A_SECOND):
        if number in due:
            jobs.append(loop.run_in_executor(None, due[number], webs))
        await asyncio.sleep(max(0, began + number / A_SECOND - time.monotonic()))
        asked = time.monotonic()
        try:
            await asyncio.to_thread(webs.django, SAY, text=text)
        except RuntimeError as error:
            if "OperationalError" not in str(error):
                raise
        slowest_s = max(slowest_s, time.monotonic() - asked)
    await asyncio.gather(*jobs)
    return slowest_s


#: As a request has it: a connection that has died is given up before and after.
SAY = """
from django.db import close_old_connections
from tests.servers import room
close_old_connections()
try:
    result = room.say(text)
finally:
    close_old_connections()
"""


def replace_web(webs: Webs) -> None:
    webs.kill(1)
    webs.start(1)


def replace_redis(webs: Webs) -> None:
    webs.redis.crash()
    time.sleep(AWAY_S)
    webs.redis.start()


def replace_database(webs: Webs) -> None:
    if webs.postgres is not None:
        webs.postgres.crash()
        time.sleep(AWAY_S)
        webs.postgres.start_again()


CRASHES = replace_web, replace_redis, replace_database


async def main(sockets: int, seconds: int, size: int, *, postgres: bool, only_crashes: bool) -> int:
    """The exit status."""
    wrong = 0
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16_384), hard))
    for crashes in [True] if only_crashes else [False, True]:
        with Webs(count=2, people=PEOPLE, postgres=postgres) as webs:
            print(
                "\nwith crashes" if crashes else "undisturbed", "on PostgreSQL" if postgres else "on SQLite"
            )
            wrong += await run(webs, sockets, seconds, size, crashes=crashes)
    return min(wrong, 1)


if __name__ == "__main__":
    words = set(sys.argv[1:]) & {"postgres", "sqlite", "crashes"}
    given = [int(each) for each in sys.argv[1:] if each not in words]
    bench = main(
        *given,
        *(SOCKETS, SECONDS, SIZE)[len(given) :],
        postgres="postgres" in words,
        only_crashes="crashes" in words,
    )
    sys.exit(asyncio.run(bench))
