"""Access is not only asked at the door: whoever loses it is put out of every open connection, at once."""

from contextlib import AsyncExitStack
from itertools import count

import pytest

from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.test_entrances import come_in
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
SOCKETS = ("backstage", "moderation", "media", "stage", "chat", "event-chat")


@pytest.fixture
def scene(product: Product) -> Scene:
    return make_scene(product, f"access-{next(numbers)}")


def block(slug: str) -> None:
    from events import services
    from events.models import Event, User

    services.block(
        actor=User.objects.get(email=f"olivia@{slug}.example"),
        event=Event.objects.get(slug=slug),
        user=User.objects.get(email=f"sam@{slug}.example"),
    )


def give_registration_back(slug: str) -> None:
    from events import services
    from events.models import Event, User

    services.unregister(
        actor=User.objects.get(email=f"sam@{slug}.example"), event=Event.objects.get(slug=slug)
    )


def sign_out(session_key: str) -> None:
    from django.contrib.auth import get_user, logout
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = SessionStore(session_key)
    request.user = get_user(request)
    logout(request)


@pytest.mark.parametrize(
    ("end", "close_code"),
    [(block, 4403), (give_registration_back, 4403), (sign_out, 4401)],
    ids=["blocked", "unregistered", "signed out"],
)
async def test_every_open_connection_ends(
    product: Product, scene: Scene, end: object, close_code: int
) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage")
        sam = await come_in(doors, product, scene, "sam", *SOCKETS)
        product.django(end, scene.sessions["sam"] if end is sign_out else scene.slug)
        for line in sam.values():
            assert await line.ended() == close_code
        await olivia["backstage"].ok("snapshot.get")


async def test_whoever_leaves_listens_no_longer(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", *SOCKETS)
        await sam["backstage"].ok("backstage.leave")
        assert await sam["media"].ended() == 4403
        assert await sam["moderation"].ended() == 4403
        assert await sam["chat"].ended() == 4403
        await sam["stage"].ok("snapshot.get")
        await sam["event-chat"].ok("snapshot.get")


async def test_a_flood_ends_its_own_connection_alone(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        sam = await come_in(doors, product, scene, "sam", "backstage", "stage")
        # Many more than a slow machine could take as a pace that is allowed.
        for number in range(1200):
            await sam["stage"].raw(f'{{"type":"snapshot.get","id":"{number}"}}')
        assert await sam["stage"].ended() == 4429
        await sam["backstage"].ok("snapshot.get")
