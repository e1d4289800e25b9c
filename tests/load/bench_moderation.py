"""How quickly everybody concerned sees a change of moderation, over real sockets to the whole product.

    python -m tests.load.bench_moderation            30 rounds, three minutes, two people waiting all the time
    python -m tests.load.bench_moderation 30 100     with a hundred people waiting

Milliseconds from the moment the command is sent to the moment the notice is there, p50 and p99 (of so few rounds: about
the worst); the promise is 300. Prints figures; asserts nothing. Client and product share this machine and its load.
"""

import asyncio
import json
import statistics
import sys
import time
from collections import defaultdict
from contextlib import suppress
from typing import Any

import websockets
from websockets.asyncio.client import ClientConnection

from tests.load.people_waiting import seed
from tests.servers.product import Product

PROMISED_MS = 300
WITHIN_S = 10.0
#: No faster than people may ask: twice a round, and at most twenty times a minute.
ROUND_S = 6.5
ORGANIZERS = ("organizer", "other")
#: Names of those who come and go, in the queue of each round.
ASKERS = ("Leaver", "Asker", "Last")


class Ear:
    """One socket of one person; when each notice came, and what was in it."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.came: asyncio.Queue[tuple[float, dict[str, Any]]] = asyncio.Queue()
        self.numbers = 0
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        # The server ends the lines of whoever leaves; whom else it puts out is missed within WITHIN_S.
        with suppress(websockets.ConnectionClosed):
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


class House:
    """Everybody's sockets, and what is noted of them."""

    def __init__(self, product: Product, token: str, cookies: dict[str, str]) -> None:
        self._product, self._token, self._cookies = product, token, cookies
        self.room: dict[str, Ear] = {}
        self.queue: dict[str, Ear] = {}
        self.took: dict[str, list[float]] = defaultdict(list)

    async def come_in(self, who: str) -> None:
        self.room[who] = await self._ear(who, "backstage")
        self.queue[who] = await self._ear(who, "moderation")

    async def _ear(self, who: str, name: str) -> Ear:
        ear = Ear(
            await websockets.connect(
                f"ws://localhost:{self._product.port}/ws/{name}/{self._token}/",
                host="127.0.0.1",
                additional_headers={"Cookie": f"sessionid={self._cookies[who]}"},
                origin=self._product.url,  # type: ignore[arg-type]
            )
        )
        await ear.hears(f"{name}.snapshot")
        return ear

    async def go(self, who: str) -> None:
        await self.room.pop(who).socket.close()
        await self.queue.pop(who).socket.close()

    async def go_all(self) -> None:
        for who in list(self.room):
            await self.go(who)

    def forget(self) -> None:
        for each in (*self.room.values(), *self.queue.values()):
            each.forget()

    def note(self, what: str, sent: float, at: float) -> None:
        self.took[what].append((at - sent) * 1000)

    async def note_queue(self, what: str, sent: float, *names: str) -> dict[str, str]:
        """Until both organizers have the queue of these people, last; by name, their requests."""
        asked: dict[str, str] = {}
        for who in ORGANIZERS:
            at, asked = await self._queue_of(who, names)
            self.note(f"{what} → queue at {who}", sent, at)
        return asked

    async def _queue_of(self, who: str, names: tuple[str, ...]) -> tuple[float, dict[str, str]]:
        while True:
            at, changed = await self.queue[who].hears("requests.changed")
            asked = {each["name"]: each["request"] for each in changed["body"]["requests"]}
            if [name for name in asked if name in ASKERS] == list(names):
                return at, asked

    async def note_state(self, what: str, sent: float, who: str, state: str) -> None:
        """Until this person has read how their request stands."""
        self.note(f"{what} → their own request", sent, await self.told(who, state=state))

    async def note_place(self, what: str, sent: float, who: str, place: int) -> None:
        self.note(f"{what} → place of who waits behind", sent, await self.told(who, place=place))

    async def told(self, who: str, **says: object) -> float:
        while True:
            at, changed = await self.queue[who].hears("request.changed")
            if says.items() <= (changed["body"]["mine"] or {}).items():
                return at

    async def note_tiles(self, what: str, sent: float) -> None:
        for who in self.room:
            self.note(f"{what} → tiles at {who}", sent, (await self.room[who].hears("tiles.changed"))[0])

    async def ask(self, who: str) -> float:
        return await self.queue[who].send("request.ask", microphone=True, camera=True)


async def one_round(house: House, asker: str, waiting: int) -> None:
    """`asker`: the participant. `waiting`: people who wait before everybody here."""
    organizer = house.queue["organizer"]
    house.forget()
    sent = await house.ask("asker")
    asked = await house.note_queue("ask", sent, "Asker")
    await house.note_state("ask", sent, "asker", "waiting")
    sent = await house.ask("last")
    await house.note_place("ask", sent, "last", waiting + 2)

    sent = await organizer.send("request.accept", request=asked["Asker"])
    await house.note_state("accept", sent, "asker", "accepted")
    await house.note_tiles("accept", sent)
    await house.note_queue("accept", sent, "Last")
    await house.note_place("accept", sent, "last", waiting + 1)

    for muted in (True, False):
        house.forget()
        sent = await organizer.send("person.mute", participant=asker, muted=muted)
        await house.note_tiles("mute" if muted else "lift a mute", sent)
    sent = await organizer.send("screen.remove", participant=asker, screen=False)
    await house.note_tiles("remove", sent)

    sent = await house.queue["last"].send("request.withdraw")
    await house.note_queue("withdraw", sent)
    await house.note_state("withdraw", sent, "last", "withdrawn")

    for number, who in enumerate(("leaver", "asker", "last"), start=1):
        sent = await house.ask(who)
        await house.told(who, place=waiting + number)
    sent = await house.room["leaver"].send("backstage.leave")
    asked = await house.note_queue("leave", sent, "Asker", "Last")
    await house.note_place("leave", sent, "last", waiting + 2)

    sent = await organizer.send("request.decline", request=asked["Asker"], word="Later")
    await house.note_state("decline", sent, "asker", "declined")
    await house.note_queue("decline", sent, "Last")
    await house.note_place("decline", sent, "last", waiting + 1)

    await house.queue["last"].send("request.withdraw")
    await house.told("last", state="withdrawn")
    await house.go("leaver")
    await house.come_in("leaver")


async def measure(product: Product, rounds: int, waiting: int) -> dict[str, list[float]]:
    token, cookies, participant = product.django(seed, waiting)
    house = House(product, token, cookies)
    for who in cookies:
        await house.come_in(who)
    try:
        for _round in range(rounds):
            began = time.perf_counter()
            await one_round(house, participant, waiting)
            await asyncio.sleep(max(0, began + ROUND_S - time.perf_counter()))
    finally:
        await house.go_all()
    return house.took


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    waiting = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with Product() as product:
        took = asyncio.run(measure(product, rounds, waiting))
    print(
        f"{rounds} rounds, {waiting} others waiting (promised: {PROMISED_MS} ms)\n{'':44}{'p50':>8}{'p99':>8}"
    )
    for what, times in took.items():
        p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
        print(f"{what:44}{statistics.median(times):8.0f}{p99:8.0f}")


if __name__ == "__main__":
    main()
