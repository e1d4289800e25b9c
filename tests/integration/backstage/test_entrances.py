"""Every socket, and everybody who must not come in: they get one sentence, and nothing of what is inside."""

import json
import secrets
from contextlib import AsyncExitStack
from itertools import count
from uuid import UUID, uuid4

import pytest
import websockets

from hopin_backstage.realtime.consumer import MOST_CONNECTIONS
from tests.browser.scene import Scene, block, make_scene, unregister
from tests.integration.backstage.line import Line, line
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"doors-{next(numbers)}")


def sockets(scene: Scene) -> dict[str, str]:
    return {
        "backstage": f"/ws/backstage/{scene.token}/",
        "moderation": f"/ws/moderation/{scene.token}/",
        "media": f"/ws/backstage-media/{scene.token}/",
        "preview": f"/ws/backstage-preview/{scene.token}/",
        "stage": f"/ws/stage/{scene.stage_id}/",
        "chat": f"/ws/chat/backstage/{scene.token}/",
        "event-chat": f"/ws/chat/event/{scene.slug}/",
    }


SOCKETS = ["backstage", "moderation", "media", "preview", "stage", "chat", "event-chat"]


async def turned_away(product: Product, path: str, session: str | None) -> tuple[str, int]:
    """The code of the one message, and of the close."""
    async with line(product, path, session) as refused:
        close_code = await refused.ended()
        assert [message["type"] for message in refused.heard] == ["error"]
        return refused.heard[0]["code"], close_code


@pytest.mark.parametrize("socket", SOCKETS)
async def test_signed_out(product: Product, scene: Scene, socket: str) -> None:
    assert await turned_away(product, sockets(scene)[socket], None) == ("signed_out", 4401)
    assert await turned_away(product, sockets(scene)[socket], "no-such-session") == ("signed_out", 4401)


@pytest.mark.parametrize("socket", SOCKETS)
async def test_not_registered(product: Product, scene: Scene, socket: str) -> None:
    product.django(unregister, scene.slug, "sam")
    path = sockets(scene)[socket]
    assert await turned_away(product, path, scene.sessions["sam"]) == ("not_registered", 4403)


@pytest.mark.parametrize("socket", SOCKETS)
async def test_blocked(product: Product, scene: Scene, socket: str) -> None:
    product.django(block, scene.slug, "sam")
    assert await turned_away(product, sockets(scene)[socket], scene.sessions["sam"]) == ("blocked", 4403)


@pytest.mark.parametrize("socket", ["backstage", "moderation", "media", "preview", "chat"])
async def test_wrong_link(product: Product, scene: Scene, socket: str) -> None:
    path = sockets(scene)[socket].replace(scene.token, secrets.token_urlsafe(24))
    assert await turned_away(product, path, scene.sessions["sam"]) == ("link.dead", 4403)


async def test_unknown_stage(product: Product, scene: Scene) -> None:
    assert await turned_away(product, f"/ws/stage/{uuid4()}/", scene.sessions["sam"]) == (
        "stage.unknown",
        4403,
    )


@pytest.mark.parametrize("socket", ["moderation", "media", "preview", "chat"])
async def test_moderation_media_and_chat_need_the_backstage_itself(
    product: Product, scene: Scene, socket: str
) -> None:
    path = sockets(scene)[socket]
    assert await turned_away(product, path, scene.sessions["sam"]) == ("not_inside", 4403)


@pytest.mark.parametrize("socket", SOCKETS)
async def test_another_site_cannot_speak_in_a_visitors_name(
    product: Product, scene: Scene, socket: str
) -> None:
    for origin in ("https://evil.example", "http://localhost:1", "http://localhost", "http://127.0.0.1:1"):
        with pytest.raises(websockets.InvalidStatus):
            async with line(product, sockets(scene)[socket], scene.sessions["olivia"], origin=origin):
                pass


async def test_another_address_is_refused(product: Product, scene: Scene) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with line(product, "/ws/elsewhere/", scene.sessions["olivia"]):
            pass


@pytest.mark.parametrize(
    "command",
    [
        ("moderation", "request.accept", {"request": str(UUID(int=1))}),
        ("moderation", "request.decline", {"request": str(UUID(int=1))}),
        ("moderation", "screen.remove", {"participant": str(UUID(int=1)), "screen": False}),
        ("backstage", "broadcast.start", {}),
        ("backstage", "broadcast.stop", {}),
        ("backstage", "broadcast.cut", {}),
    ],
    ids=lambda command: command[1],
)
async def test_a_speaker_cannot_do_what_organizers_do(
    product: Product, scene: Scene, command: tuple[str, str, dict[str, str]]
) -> None:
    socket, wire_type, body = command
    async with AsyncExitStack() as doors:
        inside = await come_in(doors, product, scene, "sam", "backstage", "moderation")
        assert await inside[socket].refused(wire_type, **body) == "forbidden"


async def test_what_the_audience_sees_is_previewed_by_organizers_only_and_does_not_count(
    product: Product, scene: Scene
) -> None:
    async with AsyncExitStack() as doors:
        await come_in(doors, product, scene, "sam", "backstage")
        path = sockets(scene)["preview"]
        assert await turned_away(product, path, scene.sessions["sam"]) == ("forbidden", 4403)
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "preview")
        await olivia["preview"].ok("snapshot.get")
        assert (await olivia["preview"].notice("stage.snapshot"))["watching"] == 0


async def test_a_speaker_cannot_come_on_screen_unasked_and_organizers_see_the_queue_alone(
    product: Product, scene: Scene
) -> None:
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "backstage", "moderation")
        rosa = await come_in(doors, product, scene, "rosa", "backstage", "moderation")
        assert await sam["backstage"].refused("place.take") == "request.needed"
        await sam["moderation"].ok("request.ask", microphone=True, camera=True)
        assert (await sam["moderation"].notice("request.changed"))["mine"]["place"] == 1
        await rosa["moderation"].ok("snapshot.get")
        assert all(
            message["body"].get("requests", []) == []
            for message in rosa["moderation"].heard
            if message["type"].startswith(("moderation.", "requests."))
        )


@pytest.mark.parametrize(
    ("message", "close_code"),
    [
        ("no json", 4400),
        ("[]", 4400),
        ('{"type":"x"}', 4400),
        ('{"type":"x","id":"1","extra":1}', 4400),
        (b"\x00", 4413),
        ('{"type":"x","id":"1","body":"' + "x" * 70_000 + '"}', 4413),
        ('{"type":"x","id":"1","body":' + "[" * 5000 + "]" * 5000 + "}", 4400),
    ],
    ids=["no json", "list", "no id", "unknown field", "binary", "huge", "deep"],
)
async def test_nonsense_closes_the_socket_and_nothing_else(
    product: Product, scene: Scene, message: str | bytes, close_code: int
) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage")
        sam = await come_in(doors, product, scene, "sam", "backstage")
        said_before = len(product.log("web"))
        await sam["backstage"].raw(message)
        assert await sam["backstage"].ended() == close_code
        await olivia["backstage"].ok("snapshot.get")
    assert "Traceback" not in product.log("web")[said_before:]


async def test_whoever_asks_too_much_is_closed_and_disturbs_nobody(product: Product, scene: Scene) -> None:
    """What makes much work costs much: some thirty new views of the room at once, and no more."""
    async with AsyncExitStack() as doors:
        olivia = (await come_in(doors, product, scene, "olivia", "backstage"))["backstage"]
        await come_in(doors, product, scene, "sam", "backstage")
        sam = (await come_in(doors, product, scene, "sam", "media"))["media"]
        for number in range(40):
            await sam.raw(json.dumps({"type": "watch.start", "id": str(number), "body": {}}))
        assert await sam.ended() == 4429
        await olivia.ok("snapshot.get")


async def test_a_person_has_so_many_connections_of_a_kind_and_no_more(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        path = sockets(scene)["stage"]
        for _tab in range(MOST_CONNECTIONS):
            await come_in(doors, product, scene, "sam", "stage")
        assert await turned_away(product, path, scene.sessions["sam"]) == ("too_many", 4429)
        await come_in(doors, product, scene, "sam", "backstage")
        await come_in(doors, product, scene, "rosa", "stage")
    # Those that were closed are not counted.
    async with AsyncExitStack() as doors:
        await come_in(doors, product, scene, "sam", "stage")


async def test_unknown_commands_and_fields_are_answered(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam = (await come_in(doors, product, scene, "sam", "backstage"))["backstage"]
        assert await sam.refused("stage.destroy") == "unknown_command"
        assert await sam.refused("place.devices", microphone="yes", camera=True) == "not_understood"
        assert await sam.refused("place.take", room=1) == "not_understood"


async def come_in(
    doors: AsyncExitStack, product: Product, scene: Scene, who: str, *which: str
) -> dict[str, Line]:
    lines = {}
    for socket in which:
        opened = await doors.enter_async_context(line(product, sockets(scene)[socket], scene.sessions[who]))
        first = {
            "backstage": "backstage.snapshot",
            "moderation": "moderation.snapshot",
            "media": "media.config",
            "preview": "stage.snapshot",
            "stage": "stage.snapshot",
            "chat": "chat.snapshot",
            "event-chat": "chat.snapshot",
        }
        await opened.notice(first[socket])
        lines[socket] = opened
    return lines
