"""The web server's looks at its connections."""

import asyncio

from hopin_backstage.run.looks import STEPS
from hopin_backstage.run.web import OrderlyServer


class Failing:
    def check_timeouts(self) -> None:
        raise RuntimeError("a look that fails")


class Seen:
    def __init__(self) -> None:
        self.times = 0
        self.again = asyncio.Event()

    def check_timeouts(self) -> None:
        self.times += 1
        if self.times == 2:
            self.again.set()


async def test_those_that_cannot_be_looked_at_keep_nobody_else_from_it() -> None:
    server = OrderlyServer(application=None, endpoints=["tcp:0"])
    server.connections = {}
    # Before everybody else, at each step.
    for _ in range(STEPS):
        server.protocol_connected(Failing())
    others = [Seen() for _ in range(STEPS)]
    for each in others:
        server.protocol_connected(each)
    server.timeout_checker()
    async with asyncio.timeout(30):
        await asyncio.gather(*(each.again.wait() for each in others))
