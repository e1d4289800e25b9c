"""The whole chat at work: who sends is signed in, what is sent is stored, and everybody is told.

    python -m tests.load.bench_chat [sqlite|postgres] [SECONDS] [MESSAGES_A_SECOND] [SOCKETS]

All sockets are different people in one event chat of one web process. One person may send five messages in five
seconds, so the messages come from as many of them as it takes. Milliseconds from sending to each delivery, p50 and p99,
and what the processes did for it. Prints figures; asserts nothing. Client, database and product share this machine and
its load.
"""

import asyncio
import base64
import json
import re
import secrets
import statistics
import struct
import sys
import time
from contextlib import ExitStack
from itertools import cycle
from uuid import uuid4

from tests.load.people_chatting import batches, seed
from tests.load.work import Work
from tests.servers.postgres import PrivatePostgres
from tests.servers.product import Product

SOCKETS, PER_S, SECONDS, WARM_UP_S = 500, 100, 10.0, 3.0
#: Below the one a second that the server allows.
PER_PERSON_S = 0.8
#: The server asks whoever is silent for so long, and this client does not listen to that.
WORD_EVERY_S = 2.0
POSTED = re.compile(rb'"type":"message\.posted".{0,400}?#t=(\d+)#')
REFUSED = re.compile(rb'"type":"error".{0,80}?"code":"([\w.]+)"')
#: Behind these bytes of what came no mark can begin that is not whole.
LONGEST_NOTICE = 2048
#: A client masks what it sends; with nothing, since nobody is between.
PONG = b"\x8a\x80\0\0\0\0"


class Ear(asyncio.Protocol):
    """One socket, as cheap as can be: it looks for marks in what comes, and understands nothing else."""

    def __init__(
        self, address: str, path: str, session: str, took: list[float], refused: list[bytes]
    ) -> None:
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: http://{address}\r\n"
            f"Cookie: sessionid={session}\r\n\r\n"
        ).encode()
        self._took, self._refused = took, refused
        self._tail = b""
        self.ready = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter_ns()
        data = self._tail + data
        if not self.ready.done() and b"chat.snapshot" in data:
            self.ready.set_result(None)
        end = 0
        for mark in POSTED.finditer(data):
            self._took.append((now - int(mark[1])) / 1e6)
            end = mark.end()
        for refusal in REFUSED.finditer(data, end):
            self._refused.append(refusal[1])
            end = max(end, refusal.end())
        self._tail = data[end:][-LONGEST_NOTICE:]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ready.done():
            self.ready.set_exception(RuntimeError("turned away"))
        self._refused.append(b"connection lost")

    def say(self) -> None:
        text = f"#t={time.perf_counter_ns()}# The next talk is about what we built this year."
        command = {
            "type": "message.send",
            "id": secrets.token_hex(4),
            "body": {"client_id": str(uuid4()), "text": text},
        }
        payload = json.dumps(command).encode()
        self.transport.write(struct.pack("!BBH", 0x81, 0x80 | 126, len(payload)) + b"\0\0\0\0" + payload)


async def measure(product: Product, seconds: float, per_s: int, sockets: int) -> None:
    slug, sessions = product.django(seed, sockets)
    took: list[float] = []
    refused: list[bytes] = []
    loop = asyncio.get_running_loop()
    ears: list[Ear] = []
    keeping = asyncio.create_task(_keep_alive(ears))
    for session in sessions:
        _transport, ear = await loop.create_connection(
            lambda session=session: Ear(  # type: ignore[misc]
                f"localhost:{product.port}", f"/ws/chat/event/{slug}/", session, took, refused
            ),
            "127.0.0.1",
            product.port,
        )
        await asyncio.wait_for(ear.ready, 20)
        ears.append(ear)
    writers = cycle(ears[: min(len(ears), round(per_s / PER_PERSON_S))])
    await _send(writers, per_s, WARM_UP_S)
    await asyncio.sleep(1)
    took.clear()
    work = Work(product)
    sent = await _send(writers, per_s, seconds)
    work.end()
    await asyncio.sleep(2)
    keeping.cancel()
    expected = sent * len(ears)
    centiles = statistics.quantiles(took, n=100, method="inclusive")
    print(
        f"{len(ears)} sockets, {sent / seconds:.0f} messages a second for {seconds:.0f} s: "
        f"{len(took):,} of {expected:,} delivered, p50 {centiles[49]:.0f} ms, p99 {centiles[98]:.0f} ms, "
        f"most {max(took):.0f} ms, {len(refused)} refused {set(refused) or ''}"
    )
    print(work.told())
    stored, transactions = product.django(batches, slug)
    print(f"{stored} messages stored in {transactions} transactions")
    for ear in ears:
        ear.transport.close()


async def _send(writers: "cycle[Ear]", per_s: int, seconds: float) -> int:
    """At an even pace; how many."""
    began, sent = time.perf_counter(), 0
    while sent < per_s * seconds:
        while sent < min(per_s * seconds, (time.perf_counter() - began) * per_s):
            next(writers).say()
            sent += 1
        await asyncio.sleep(0.002)
    return sent


async def _keep_alive(ears: list[Ear]) -> None:
    while True:
        for ear in ears:
            if not ear.transport.is_closing():
                ear.transport.write(PONG)
        await asyncio.sleep(WORD_EVERY_S)


def main() -> None:
    database, seconds, per_s, sockets = [
        *sys.argv[1:],
        *["sqlite", SECONDS, PER_S, SOCKETS][len(sys.argv) - 1 :],
    ]
    with ExitStack() as servers:
        settings = {}
        if database == "postgres":
            postgres = PrivatePostgres()
            postgres.start()
            servers.callback(postgres.stop)
            settings["DATABASE_URL"] = postgres.url
        product = servers.enter_context(Product(**settings))
        asyncio.run(measure(product, float(seconds), int(per_s), int(sockets)))


if __name__ == "__main__":
    main()
