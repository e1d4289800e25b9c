"""The door over real sockets: what a page hears there, how it comes in, how soon a dead one gives its place back."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count

import pytest

from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import tethered
from tests.browser.scene import Scene, block, make_scene
from tests.integration.backstage.line import Line, line
from tests.servers.product import Product
from tests.servers.redis import wait_for_port

pytestmark = [pytest.mark.janus]
numbers = count(1)
#: Seconds after which a place is promised to be free.
PROMISED_S = 30.0


@pytest.fixture(scope="module")
def house() -> Iterator[Product]:
    """Two places for people who are not organizers."""
    with Product(BACKSTAGE_PLACES="2") as running:
        yield running


@pytest.fixture
def scene(house: Product) -> Scene:
    return make_scene(house, f"full-{next(numbers)}")


@dataclass(frozen=True)
class Web:
    """A second web process of the same house, which nobody starts again."""

    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def another_web(house: Product) -> Iterator[Web]:
    port = free_port()
    process = subprocess.Popen(
        tethered(
            [
                *(sys.executable, "-m", "hopin_backstage.run.web"),
                *("--bind", "127.0.0.1", "--port", str(port), "--no-server-name", "--verbosity", "0"),
                "hopin_backstage.asgi:application",
            ]
        ),
        cwd=PROJECT,
        env=dict(house.env),
        stdin=subprocess.DEVNULL,
    )
    wait_for_port(port, process, PROMISED_S)
    try:
        yield Web(port, process.pid)
    finally:
        process.kill()
        process.wait()


def backstage(scene: Scene) -> str:
    return f"/ws/backstage/{scene.token}/"


@asynccontextmanager
async def at(web: Product | Web, scene: Scene, who: str) -> AsyncIterator[Line]:
    async with line(web, backstage(scene), scene.sessions[who]) as opened:
        yield opened


async def inside(doors: AsyncExitStack, web: Product | Web, scene: Scene, *people: str) -> list[Line]:
    lines = [await doors.enter_async_context(at(web, scene, who)) for who in people]
    for opened in lines:
        await opened.notice("backstage.snapshot")
    return lines


async def at_door(doors: AsyncExitStack, web: Product | Web, scene: Scene, who: str, place: int) -> Line:
    opened = await doors.enter_async_context(at(web, scene, who))
    assert await opened.notice("house.full") == {"places": 2, "place": place}
    return opened


async def seconds_until_inside(opened: Line, since: float) -> float:
    async with asyncio.timeout(2 * PROMISED_S):
        await opened.notice("backstage.snapshot", within_s=2 * PROMISED_S)
    return time.monotonic() - since


async def until_place(opened: Line, place: int) -> None:
    async with asyncio.timeout(PROMISED_S):
        while (await opened.notice("house.full"))["place"] != place:
            await opened.news()


def reset(slug: str, everybody_again: bool) -> None:
    from backstage import services
    from events.models import Stage, User

    services.reset_link(
        actor=User.objects.get(email=f"olivia@{slug}.example"),
        stage=Stage.objects.get(event__slug=slug),
        everybody_again=everybody_again,
    )


async def test_at_the_door_a_page_hears_its_place_and_nothing_else(house: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam, _rosa = await inside(doors, house, scene, "sam", "rosa")
        ken = await at_door(doors, house, scene, "ken", 1)
        mia = await at_door(doors, house, scene, "mia", 2)
        (olivia,) = await inside(doors, house, scene, "olivia")
        await olivia.ok("place.take")
        await sam.notice("tiles.changed")
        for wire_type in ("snapshot.get", "place.take", "screen.take", "backstage.leave"):
            assert await ken.refused(wire_type) == "not_inside"
        for socket in ("moderation", "backstage-media"):
            path = f"/ws/{socket}/{scene.token}/"
            async with line(house, path, scene.sessions["ken"]) as refused:
                assert await refused.ended() == 4403
                assert [each["code"] for each in refused.heard] == ["not_inside"]
        assert {each["type"] for each in ken.heard} == {"house.full"}
        assert await house_counts(sam) == 3

        await sam.ok("backstage.leave")
        snapshot = await ken.notice("backstage.snapshot")
        assert [tile["name"] for tile in snapshot["tiles"]] == ["Olivia Marsh"]
        await until_place(mia, 1)
        assert "house.admitted" not in {each["type"] for each in ken.heard + mia.heard}
        assert await ken.ok("snapshot.get") == {}
        # Whoever has left in one tab hears nothing more in another that does not come in anew.
        assert await sam.refused("snapshot.get") == "not_inside"


async def house_counts(opened: Line) -> int:
    await opened.ok("snapshot.get")
    return (await opened.notice("backstage.snapshot"))["people"]


async def test_a_closed_tab_leaves_the_line_and_a_reload_does_not(house: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        await inside(doors, house, scene, "sam", "rosa")
        async with at(house, scene, "ken") as closed:
            await closed.notice("house.full")
            mia = await at_door(doors, house, scene, "mia", 2)
        await at_door(doors, house, scene, "ken", 1)
        async with at(house, scene, "tom") as tom:
            assert (await tom.notice("house.full"))["place"] == 3
        await mia.close()
        ada = await doors.enter_async_context(at(house, scene, "ada"))
        await until_place(ada, 2)


@pytest.mark.parametrize("everybody_again", [False, True])
async def test_a_reset_link_dissolves_the_line(house: Product, scene: Scene, everybody_again: bool) -> None:
    async with AsyncExitStack() as doors:
        sam, _rosa = await inside(doors, house, scene, "sam", "rosa")
        ken = await at_door(doors, house, scene, "ken", 1)
        house.django(reset, scene.slug, everybody_again)
        assert await ken.ended() == 4403
        assert ken.heard[-1]["code"] == "link.dead"
        if everybody_again:
            await sam.notice("you.left")
        else:
            # A lost line, a reload: by the old link, until they leave.
            await sam.close()
            (sam,) = await inside(doors, house, scene, "sam")
            await sam.ok("backstage.leave")
        async with at(house, scene, "sam") as refused:
            assert await refused.ended() == 4403
            assert refused.heard[-1]["code"] == "link.dead"


async def test_whoever_is_blocked_at_the_door_goes_and_the_line_moves_up(
    house: Product, scene: Scene
) -> None:
    async with AsyncExitStack() as doors:
        await inside(doors, house, scene, "sam", "rosa")
        ken = await at_door(doors, house, scene, "ken", 1)
        mia = await at_door(doors, house, scene, "mia", 2)
        house.django(block, scene.slug, "ken")
        assert await ken.ended() == 4403
        assert ken.heard[-1]["code"] == "blocked"
        await until_place(mia, 1)


async def test_a_web_process_that_is_killed_gives_its_places_back(house: Product, scene: Scene) -> None:
    """Its people come in anew elsewhere or not at all; those who wait at another process come in."""
    async with AsyncExitStack() as doors:
        with another_web(house) as doomed:
            await inside(doors, doomed, scene, "sam", "rosa")
            ken = await at_door(doors, house, scene, "ken", 1)
            os.kill(doomed.pid, signal.SIGKILL)
            passed_s = await seconds_until_inside(ken, time.monotonic())
    print(f"\nkill -9 of a web process: the line moved after {passed_s:.1f} s")
    assert passed_s < PROMISED_S


async def test_the_order_outlasts_a_web_process(house: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam, _rosa = await inside(doors, house, scene, "sam", "rosa")
        with another_web(house) as doomed:
            await at_door(doors, doomed, scene, "ken", 1)
            await at_door(doors, doomed, scene, "mia", 2)
            os.kill(doomed.pid, signal.SIGKILL)
        mia = await at_door(doors, house, scene, "mia", 2)
        ken = await at_door(doors, house, scene, "ken", 1)
        await sam.ok("backstage.leave")
        await ken.notice("backstage.snapshot")
        assert "backstage.snapshot" not in {each["type"] for each in mia.heard}


async def test_a_browser_that_falls_silent_gives_its_place_back(house: Product, scene: Scene) -> None:
    """As when the power goes: its line stays open, and nobody answers."""
    async with AsyncExitStack() as doors:
        with silent_browser(house, scene, "sam") as browser:
            await inside(doors, house, scene, "rosa")
            ken = await at_door(doors, house, scene, "ken", 1)
            os.kill(browser, signal.SIGSTOP)
            passed_s = await seconds_until_inside(ken, time.monotonic())
    print(f"\na browser falls silent: the line moved after {passed_s:.1f} s")
    assert passed_s < PROMISED_S


@contextmanager
def silent_browser(house: Product, scene: Scene, who: str) -> Iterator[int]:
    """A process of its own with one line; its pid, once it is inside."""
    process = subprocess.Popen(
        tethered([sys.executable, "-c", ONE_LINE]),
        env={
            **os.environ,
            "ADDRESS": f"ws://localhost:{house.port}{backstage(scene)}",
            "COOKIE": f"sessionid={scene.sessions[who]}",
            "ORIGIN": house.url,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert re.search("backstage.snapshot", process.stdout.readline())
        yield process.pid
    finally:
        process.kill()
        process.communicate()


ONE_LINE = """
import asyncio, os, websockets

async def main():
    cookie, origin = {"Cookie": os.environ["COOKIE"]}, os.environ["ORIGIN"]
    address = os.environ["ADDRESS"]
    async with websockets.connect(address, host="127.0.0.1", additional_headers=cookie, origin=origin) as line:
        async for text in line:
            print(text, flush=True)

asyncio.run(main())
"""


async def test_whoever_is_made_an_organizer_at_the_door_comes_in(house: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        await inside(doors, house, scene, "sam", "ken")
        rosa = await at_door(doors, house, scene, "rosa", 1)
        house.django(make_organizer, scene.slug, "rosa")
        await rosa.notice("backstage.snapshot")


def make_organizer(slug: str, who: str) -> None:
    """Runs in the product's process."""
    from events import services
    from events.models import Event, User

    event = Event.objects.get(slug=slug)
    people = {
        user.email.split("@")[0]: user for user in User.objects.filter(email__endswith=f"@{slug}.example")
    }
    services.add_member(
        actor=people["olivia"], organization=event.organization, user=people[who], role="admin"
    )
