"""Access is not only asked at the door: whoever loses it is put out of every open connection, at once."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from itertools import count

import pytest

from janus import videoroom
from tests.browser.scene import Scene, make_scene
from tests.integration.backstage.janus_look import of_janus
from tests.integration.backstage.test_entrances import come_in
from tests.servers.product import Product

pytestmark = [pytest.mark.janus]
numbers = count(1)
SOCKETS = ("backstage", "moderation", "media", "stage", "chat", "event-chat")
#: What somebody who is no organizer reads on each, once the event is a draft.
CODES_OF_A_DRAFT = dict.fromkeys(SOCKETS, "link.dead") | {"event-chat": "event.unknown"}


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


def unpublish(slug: str) -> None:
    from events import services
    from events.models import Event, User

    services.unpublish_event(
        actor=User.objects.get(email=f"olivia@{slug}.example"), event=Event.objects.get(slug=slug)
    )


def archive(slug: str) -> None:
    from events import services
    from events.models import Event, User

    services.archive_event(
        actor=User.objects.get(email=f"olivia@{slug}.example"), event=Event.objects.get(slug=slug)
    )


def sign_out(session_key: str) -> None:
    from django.contrib.auth import get_user, logout
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    request = HttpRequest()
    request.session = SessionStore(session_key)
    request.user = get_user(request)
    logout(request)


def set_new_password(slug: str) -> None:
    """By the page, in another browser."""
    from allauth.account.models import EmailAddress
    from django.test import Client
    from django.urls import reverse

    from events.models import User

    old, new = "an-uncommon-Phrase-8", "an-uncommon-Phrase-9"
    sam = User.objects.get(email=f"sam@{slug}.example")
    # The signature of a session is of this: it is the old one from here on, and nobody has been told.
    sam.set_password(old)
    sam.save()
    EmailAddress.objects.create(user=sam, email=sam.email, verified=True, primary=True)
    elsewhere = Client(SERVER_NAME="localhost")
    elsewhere.force_login(sam)
    typed = {"oldpassword": old, "password1": new, "password2": new}
    assert elsewhere.post(reverse("account_change_password"), typed).status_code == 302


def say(slug: str, text: str) -> None:
    """Olivia, who is inside, in the Backstage chat and in the event's."""
    from uuid import uuid4

    from backstage import services as backstage
    from chat import services as chat
    from events.models import Stage, User

    stage = Stage.objects.get(event__slug=slug)
    olivia = User.objects.get(email=f"olivia@{slug}.example")
    for room in (chat.room_of_backstage(backstage.backstage_of(stage)), chat.room_of_event(stage.event)):
        chat.send(room=room, post=chat.Post(actor=olivia, client_id=uuid4(), text=text))


def end_and_say(end: Callable[[str], None], whose: str, slug: str) -> None:
    """By one commit: what is said comes before a connection has had the time to ask whether it may go on."""
    from django.db import transaction

    with transaction.atomic():
        end(whose)
        say(slug, "Now we are among ourselves")


@pytest.mark.parametrize(
    ("end", "close_code"),
    [(block, 4403), (give_registration_back, 4403), (sign_out, 4401), (set_new_password, 4401)],
    ids=["blocked", "unregistered", "signed out", "new password"],
)
async def test_every_open_connection_ends(
    product: Product, scene: Scene, end: Callable[[str], None], close_code: int
) -> None:
    """And hears nothing of what is said from there on."""
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage", "chat", "event-chat")
        sam = await come_in(doors, product, scene, "sam", *SOCKETS)
        chats = ("chat", "event-chat")
        product.django(say, scene.slug, "Welcome, Sam")
        for chat in chats:
            assert (await sam[chat].notice("message.posted"))["message"]["text"] == "Welcome, Sam"
            await olivia[chat].notice("message.posted")
            sam[chat].heard.clear()
            olivia[chat].heard.clear()
        whose = scene.sessions["sam"] if end is sign_out else scene.slug
        product.django(end_and_say, end, whose, scene.slug)
        for chat in chats:
            posted = await olivia[chat].notice("message.posted")
            assert posted["message"]["text"] == "Now we are among ourselves"
        for line in sam.values():
            assert await line.ended() == close_code
            assert "among ourselves" not in str(line.heard)
        for chat in chats:
            # No number either, such as that of the room's revision.
            heard = [each["type"] for each in sam[chat].heard if each["type"] != "chat.at"]
            assert heard == ["error"]
        await olivia["backstage"].ok("snapshot.get")


async def test_a_draft_is_left_by_everybody_but_organizers_at_once(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", *SOCKETS)
        sam = await come_in(doors, product, scene, "sam", *SOCKETS)
        product.django(unpublish, scene.slug)
        async with asyncio.timeout(5):
            for socket, code in CODES_OF_A_DRAFT.items():
                assert await sam[socket].ended() == 4403
                assert [each["code"] for each in sam[socket].heard if each["type"] == "error"] == [code]
            await olivia["event-chat"].notice("chat.closed")
        # It opens there by itself when the event is published again.
        assert await olivia["event-chat"].refused("snapshot.get") == "chat.closed"
        for socket in ("backstage", "moderation", "stage", "chat"):
            await olivia[socket].ok("snapshot.get")


async def test_an_archived_event_is_left_by_everybody_at_once(product: Product, scene: Scene) -> None:
    async with AsyncExitStack() as doors:
        inside = [await come_in(doors, product, scene, who, *SOCKETS) for who in ("olivia", "sam")]
        product.django(archive, scene.slug)
        async with asyncio.timeout(5):
            for lines in inside:
                for each in lines.values():
                    assert await each.ended() == 4403


def delete_organization(slug: str) -> int:
    """As goes the account of the only person who belongs to it, after the event. Returns the number in Janus."""
    from datetime import timedelta

    from django.db.models import F

    from backstage.models import BackstageSession
    from events import services
    from events.models import Event, Membership, User

    event = Event.objects.filter(slug=slug)
    event.update(starts_at=F("starts_at") - timedelta(days=1), ends_at=F("ends_at") - timedelta(days=1))
    owner = User.objects.create_user(f"owner@{slug}.example", display_name="Olga")
    Membership.objects.filter(organization=event.get().organization).delete()
    Membership.objects.create(organization=event.get().organization, user=owner, role=Membership.Role.OWNER)
    number: int = BackstageSession.objects.get(stage__event=event.get()).room
    services.delete_account(actor=owner)
    return number


async def test_a_backstage_that_is_deleted_ends_everywhere(product: Product, scene: Scene) -> None:
    """For those inside, for those who watch, and in Janus, where nothing else would ever end it."""
    async with AsyncExitStack() as doors:
        olivia = await come_in(doors, product, scene, "olivia", "backstage")
        await olivia["backstage"].notice("media.ready")
        await olivia["backstage"].ok("broadcast.start")
        sam = await come_in(doors, product, scene, "sam", "backstage", "moderation", "media", "stage")
        number = product.django(delete_organization, scene.slug)
        for who in (olivia, sam):
            for line in who.values():
                assert await line.ended() == 4403
        async with of_janus(product) as handle, asyncio.timeout(5):
            while number in {room.room for room in await videoroom.list_rooms(handle)}:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    assert "DoesNotExist" not in product.log("web")


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
