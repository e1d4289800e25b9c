"""The chat under a server that is not ours: it has no way past ASGI, so all goes by plain `send`, all the same."""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.line import Line, line
from tests.integration.chat.reader import Door, reader
from tests.servers.webs import UVICORN, Webs

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def webs() -> Iterator[Webs]:
    with Webs(1, 1, "hopin_backstage.asgi:application", server=UVICORN) as running:
        yield running


@pytest.fixture
def scene(webs: Webs) -> Scene:
    return make_scene(webs, "other-server")


async def inside(webs: Webs, scene: Scene, who: str, doors: AsyncExitStack) -> Line:
    """In the Backstage; its chat."""
    door, session = Door(webs.ports[0]), scene.sessions[who]
    room = await doors.enter_async_context(line(door, f"/ws/backstage/{scene.token}/", session))
    await room.notice("backstage.snapshot")
    chat = await doors.enter_async_context(line(door, f"/ws/chat/backstage/{scene.token}/", session))
    await chat.notice("chat.snapshot")
    return chat


async def test_everything_arrives_by_plain_send_once_and_in_order(webs: Webs, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        pages = olivias, _, adas = [
            await doors.enter_async_context(reader(webs, scene, who)) for who in ("olivia", "sam", "ada")
        ]
        backstage = await inside(webs, scene, "sam", doors)
        texts = [f"word {number}" for number in range(4)]
        said = [await adas.say(text) for text in texts]
        secret = await backstage.ok("message.send", client_id=str(uuid4()), text="between us")
        assert (await backstage.notice("message.posted"))["message"] == secret["message"]
        for each in pages:
            await each.shows(texts)
            assert each.revisions == [1, 2, 3, 4]
        # One that its consumer works on itself, and behind it one that it does not.
        await olivias.chat.ok("chat.mute", person=said[0]["author"]["person"], muted=True)
        await olivias.chat.ok("message.delete", message=said[1]["id"])
        for each in pages:
            await each.hears("message.deleted")
            assert each.revisions == [1, 2, 3, 4]
        assert [each.heard.count("chat.muted") for each in pages] == [1, 0, 1]
