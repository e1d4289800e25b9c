"""The chat's own socket under nonsense and floods: no exception, nobody else disconnected or delayed, all answered."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count, cycle
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chat.consumers import EventChatConsumer
from tests.browser.scene import NAMES, Scene, make_scene
from tests.integration.backstage.line import Line, line
from tests.integration.chat.reader import Door, reader
from tests.integration.realtime.nonsense import REASONS, flood, frame, nonsense, send_all
from tests.servers.webs import Webs

pytestmark = [pytest.mark.database, pytest.mark.timeout(240)]
numbers = count(1)
OFFENDERS = ("tom", "olivia")
#: Who looks on: each may write five messages in five seconds.
ONLOOKERS = cycle([who for who in NAMES if who not in OFFENDERS])
FIELDS = ["client_id", "text", "stage", "written_at", "mentions", "revision", "after", "before"]

Asked = tuple[str, dict[str, Any]]
"""A command and its body."""

#: Of the right type, and senseless: what passes the first look and is asked of the database.
integers = st.integers(-2, 60) | st.integers(-(2**70), 2**70)
#: Nobody: whoever moderates may silence who looks on.
nobody = st.integers(-(2**70), 0) | st.integers(10**6, 2**70)
words = st.text(min_size=1, max_size=60) | st.sampled_from(["\x00", "%", "_", "\ud800", "é" * 501, "@" * 500])
ids = st.uuids().map(str) | st.sampled_from([str(UUID(int=0)), str(UUID(int=7))])
times = st.datetimes().map(lambda at: at.isoformat() + "Z") | st.sampled_from(
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999-23:59"]
)
BODIES = {
    "message.send": st.fixed_dictionaries(
        {"client_id": ids, "text": words},
        optional={"stage": ids, "written_at": times, "mentions": st.lists(integers, max_size=9)},
    ),
    "chat.catch_up": st.fixed_dictionaries({"revision": integers, "after": integers}),
    "messages.older": st.fixed_dictionaries({"before": integers}),
    "message.delete": st.fixed_dictionaries({"message": ids}),
    "chat.mute": st.fixed_dictionaries({"person": nobody, "muted": st.booleans()}),
    "chat.read_up_to": st.fixed_dictionaries({"number": integers}),
    "people.find": st.fixed_dictionaries({"beginning": words}),
}
senseless = st.one_of(*(bodies.map(lambda body, kind=kind: (kind, body)) for kind, bodies in BODIES.items()))
nonsensical = nonsense(sorted(EventChatConsumer.registry), FIELDS, "message.send")
#: What is no command ends the line, so it comes behind those that are; of these no more than one person may send.
conversations = st.tuples(st.lists(senseless, max_size=10), st.lists(nonsensical, min_size=1, max_size=4))


@pytest.fixture
def scene(webs: Webs) -> Scene:
    return make_scene(webs, f"fuzz-{next(numbers)}")


def test_every_command_is_among_the_senseless() -> None:
    assert {*BODIES, "snapshot.get"} == set(EventChatConsumer.registry)


def exceptions(webs: Webs) -> int:
    """In the logs of both processes so far."""
    return sum(webs.log(process).count("Traceback") for process in range(2))


async def test_nonsense(webs: Webs, scene: Scene) -> None:
    for who in OFFENDERS:
        # Whoever moderates comes further.
        await asyncio.to_thread(_nonsense_of, webs, scene, who)


def _nonsense_of(webs: Webs, scene: Scene, who: str) -> None:
    # Not made smaller: each try takes as long as what failed.
    @settings(max_examples=25, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(conversation=conversations)
    def all_others_read_on(conversation: tuple[list[Asked], list[Any]]) -> None:
        asyncio.run(_others_read_on(webs, scene, who, *conversation))

    all_others_read_on()


async def _others_read_on(webs: Webs, scene: Scene, who: str, commands: list[Asked], sent: list[Any]) -> None:
    before = exceptions(webs)
    async with AsyncExitStack() as doors:
        onlooker = await doors.enter_async_context(reader(webs, scene, next(ONLOOKERS)))
        far = await doors.enter_async_context(reader(webs, scene, "sam", 1))
        async with line(Door(webs.ports[0]), f"/ws/chat/event/{scene.slug}/", scene.sessions[who]) as page:
            await each_is_answered(page, commands)
            await send_all(page.socket, sent)
        began = time.monotonic()
        said = (await onlooker.say("Still here"))["number"]
        for each in (onlooker, far):
            await each.until(lambda each=each: said in each.shown)
        assert time.monotonic() - began < 4
    assert exceptions(webs) == before, webs.log()[-2000:]


async def each_is_answered(page: Line, commands: list[Asked]) -> None:
    """Once, whatever it is; or the line is closed with a reason, for text that is none."""
    for kind, body in commands:
        answer = asyncio.ensure_future(page.command(kind, **body))
        closed = asyncio.ensure_future(page.socket.wait_closed())
        await asyncio.wait({answer, closed}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            answer.cancel()
            assert page.socket.close_code in REASONS, (kind, body)
            return
        closed.cancel()
        assert answer.result()["type"] in {"ok", "error"}


SEND = (
    b'{"type":"message.send","id":"1","body":{"client_id":"%s","text":"flood"}}' % str(UUID(int=9)).encode()
)
FLOODS = {
    "messages": SEND,
    "searches": b'{"type":"people.find","id":"1","body":{"beginning":"a"}}',
    "history": b'{"type":"chat.catch_up","id":"1","body":{"revision":0,"after":0}}',
    "reading": b'{"type":"chat.read_up_to","id":"1","body":{"number":1}}',
}


@asynccontextmanager
async def _two(webs: Webs, scene: Scene) -> AsyncIterator[tuple[Any, Any]]:
    async with reader(webs, scene, next(ONLOOKERS)) as near, reader(webs, scene, "sam", 1) as far:
        yield near, far


@pytest.mark.parametrize("kind", FLOODS)
async def test_ten_thousand_a_second(webs: Webs, scene: Scene, kind: str) -> None:
    """For two seconds, or until it is closed."""
    before = exceptions(webs)
    async with (
        _two(webs, scene) as (near, far),
        line(Door(webs.ports[0]), f"/ws/chat/event/{scene.slug}/", scene.sessions["tom"]) as offender,
    ):
        flooding = asyncio.create_task(flood(offender.socket, b"", frame(0x81, FLOODS[kind])))
        slowest_s, number = 0.0, 0
        while not flooding.done() or number < 3:
            number += 1
            began = time.monotonic()
            said = (await near.say(f"{kind} {number}"))["number"]
            for each in (near, far):
                await each.until(lambda each=each, said=said: said in each.shown)
            slowest_s = max(slowest_s, time.monotonic() - began)
            # As often as one person may.
            await asyncio.sleep(1.1)
        await flooding
        assert await offender.ended() in REASONS
        assert slowest_s < 4, f"delayed by {slowest_s:.1f} s"
    assert exceptions(webs) == before, webs.log()[-2000:]
