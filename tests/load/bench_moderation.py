"""How quickly everybody concerned sees a change of moderation, over real sockets to the whole product.

    python -m tests.load.bench_moderation            60 rounds, two people waiting all the time
    python -m tests.load.bench_moderation 60 100     with a hundred people waiting

Milliseconds from the moment the command is sent to the moment the notice is there, p50 and p99 (of so few rounds: about
the worst); the promise is 300. Prints figures; asserts nothing. Client and product share this machine and its load.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from contextlib import AsyncExitStack
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.load.people_waiting import seed
from tests.servers.product import Product

PROMISED_MS = 300
WITHIN_S = 10.0
ROUND_S = 1.0


class Ear:
    """One socket of one person; when each notice came, and what was in it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.came: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self.numbers = 0
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for text in self.socket:
            self.came.put_nowait((time.perf_counter(), json.loads(text)))

    async def send(self, wire_type: str, **body: object) -> float:
        self.numbers += 1
        sent = time.perf_counter()
        await self.socket.send(json.dumps({"type": wire_type, "id": f"c{self.numbers}", "body": body}))
        return sent

    async def hears(self, wire_type: str) -> tuple[float, dict[str, Any]]:
        """The next of this type; others are passed over."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                at, message = await self.came.get()
                if message["type"] == "error":
                    raise RuntimeError(message)
                if message["type"] == wire_type:
                    return at, message

    def forget(self) -> None:
        while not self.came.empty():
            self.came.get_nowait()


async def measure(product: Product, rounds: int, waiting: int) -> dict[str, list[float]]:
    token, cookies, participant = product.django(seed, waiting)
    took: dict[str, list[float]] = defaultdict(list)
    async with AsyncExitStack() as doors:

        async def ear(who: str, name: str) -> Ear:
            socket = await doors.enter_async_context(
                websockets.connect(
                    f"ws://localhost:{product.port}/ws/{name}/{token}/",
                    host="127.0.0.1",
                    additional_headers={"Cookie": f"sessionid={cookies[who]}"},
                    origin=product.url,  # type: ignore[arg-type]
                )
            )
            listener = Ear(socket)
            await listener.hears(f"{name}.snapshot")
            return listener

        room = {who: await ear(who, "backstage") for who in cookies}
        queue = {who: await ear(who, "moderation") for who in cookies}

        def note(what: str, sent: float, at: float) -> None:
            took[what].append((at - sent) * 1000)

        for _round in range(rounds):
            for each in [*room.values(), *queue.values()]:
                each.forget()
            sent = await queue["asker"].send("request.ask", microphone=True, camera=True)
            at, requests = await queue["organizer"].hears("requests.changed")
            note("ask → organizer's queue", sent, at)
            at, _mine = await queue["asker"].hears("request.changed")
            note("ask → the asker's own place", sent, at)
            request = requests["body"]["requests"][-1]["request"]
            sent = await queue["organizer"].send("request.accept", request=request)
            note("accept → asker's request", sent, (await queue["asker"].hears("request.changed"))[0])
            for who in room:
                note(f"accept → tiles at {who}", sent, (await room[who].hears("tiles.changed"))[0])
            note("accept → organizer's queue", sent, (await queue["organizer"].hears("requests.changed"))[0])
            for muted in (True, False):
                sent = await queue["organizer"].send("person.mute", participant=participant, muted=muted)
                what = "mute" if muted else "lift a mute"
                for who in room:
                    note(f"{what} → tiles at {who}", sent, (await room[who].hears("tiles.changed"))[0])
            sent = await queue["organizer"].send("screen.remove", participant=participant, screen=False)
            for who in room:
                note(f"remove → tiles at {who}", sent, (await room[who].hears("tiles.changed"))[0])
            sent = await queue["asker"].send("request.ask", microphone=True, camera=True)
            _at, requests = await queue["organizer"].hears("requests.changed")
            request = requests["body"]["requests"][-1]["request"]
            queue["asker"].forget()
            sent = await queue["organizer"].send("request.decline", request=request, word="Later")
            note("decline → asker's request", sent, (await queue["asker"].hears("request.changed"))[0])
            await queue["organizer"].hears("requests.changed")
            # No faster than a person may ask.
            await asyncio.sleep(ROUND_S)
    return took


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    waiting = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with Product() as product:
        took = asyncio.run(measure(product, rounds, waiting))
    print(
        f"{rounds} rounds, {waiting} others waiting (promised: {PROMISED_MS} ms)\n{'':34}{'p50':>8}{'p99':>8}"
    )
    for what, times in took.items():
        p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
        print(f"{what:34}{statistics.median(times):8.0f}{p99:8.0f}")


if __name__ == "__main__":
    main()
