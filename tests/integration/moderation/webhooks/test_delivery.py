"""What happens is told: signed, in order, again until it arrives or a day is over; never what did not happen."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction
from django.utils import timezone

from backstage import services as backstage
from backstage.models import Participant
from events import services as events
from events.models import Membership
from moderation import services as moderation
from moderation.models import AuditEntry, Webhook, WebhookDelivery
from moderation.webhooks import services
from moderation.webhooks.loop import Sender
from moderation.webhooks.post import Answer
from tests.at_once import at_once
from tests.factories import MembershipFactory, UserFactory
from tests.integration.moderation.webhooks.conftest import Receiver, verified

pytestmark = pytest.mark.django_db(transaction=True)

Make = Callable[[str], Webhook]
FAILED, ARRIVED = Answer(False, "HTTP 500"), Answer(True, "HTTP 204")


async def send_what_is_due() -> int:
    sender = Sender()
    begun = await sender.begin_due()
    await sender.finish()
    return begun


@sync_to_async
def show(olivia: Participant, sam: Participant) -> None:
    request = moderation.ask(actor=sam, microphone=True, camera=True)
    backstage.start_broadcast(actor=olivia)
    moderation.accept(actor=olivia, request_id=request.pk)
    moderation.mute(actor=olivia, participant_id=sam.pk, muted=True)
    backstage.stop_broadcast(actor=olivia)
    backstage.cut_now(actor=olivia)


async def test_a_show_is_told_in_order_and_signed(
    receiver: Receiver, webhook_to: Make, olivia: Participant, sam: Participant
) -> None:
    webhook = await sync_to_async(webhook_to)(receiver.url)
    await show(olivia, sam)
    while await send_what_is_due():
        pass
    told = [json.loads(body) for _, body in receiver.got]
    assert [one["kind"] for one in told] == [
        "request.asked",
        "broadcast.started",
        "request.accepted",
        "broadcast.stopped",
        "broadcast.cut",
    ]
    assert (told[2]["actor"], told[2]["target"]) == ("Olivia", "Sam")
    assert told[2]["stage"]["name"] == "Main Stage"
    for headers, body in receiver.got:
        assert verified(webhook.secret, headers["hopin-signature"], body)
        assert not verified("whsec_another", headers["hopin-signature"], body)
        assert not verified(webhook.secret, headers["hopin-signature"], body + b" ")
        assert headers["hopin-delivery"] == json.loads(body)["id"]
        text = body.decode()
        assert "@" not in text
        assert olivia.backstage_session.link_token not in text
    states = [delivery.status async for delivery in WebhookDelivery.objects.all()]
    assert states == ["delivered"] * 5


def test_what_did_not_happen_is_not_told(webhook_to: Make, sam: Participant) -> None:
    webhook_to("https://example.com/")
    with transaction.atomic():
        moderation.ask(actor=sam, microphone=True, camera=True)
        assert WebhookDelivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not AuditEntry.objects.filter(action="asked").exists()
    assert not WebhookDelivery.objects.exists()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 500 Broken\r\n\r\n", "HTTP 500"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", "HTTP 302"),
        (b"nonsense\r\n\r\n", "not_reached:RemoteProtocolError"),
    ],
)
async def test_whatever_is_no_yes_is_tried_again(
    receiver: Receiver, webhook_to: Make, sam: Participant, answer: bytes, said: str
) -> None:
    await sync_to_async(webhook_to)(receiver.url)
    await sync_to_async(moderation.ask)(actor=sam, microphone=True, camera=True)
    receiver.answers = [answer, b"HTTP/1.1 200 OK\r\n\r\n"]
    before = timezone.now()
    assert await send_what_is_due() == 1
    delivery = await WebhookDelivery.objects.aget()
    assert (delivery.status, delivery.said, delivery.attempts) == ("waiting", said, 1)
    assert delivery.next_at >= before + timedelta(seconds=8)
    assert await send_what_is_due() == 0, "not before its time"
    await WebhookDelivery.objects.aupdate(next_at=timezone.now())
    assert await send_what_is_due() == 1
    assert (await WebhookDelivery.objects.aget()).status == "delivered"
    assert len({body for _, body in receiver.got}) == 1, "the same delivery, with its id"


async def test_who_says_nothing_is_not_waited_for(
    receiver: Receiver, webhook_to: Make, sam: Participant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.webhooks.post.DEADLINE_S", 0.3)
    await sync_to_async(webhook_to)(receiver.url)
    await sync_to_async(moderation.ask)(actor=sam, microphone=True, camera=True)
    receiver.answers = [None]
    await send_what_is_due()
    assert (await WebhookDelivery.objects.aget()).said == "timeout:0"


async def test_an_endless_body_is_not_read(receiver: Receiver, webhook_to: Make, sam: Participant) -> None:
    await sync_to_async(webhook_to)(receiver.url)
    await sync_to_async(moderation.ask)(actor=sam, microphone=True, camera=True)
    receiver.answers = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nmuch more to come"]
    await send_what_is_due()
    assert (await WebhookDelivery.objects.aget()).status == "delivered"


async def test_loopback_is_refused_where_no_setting_allows_it(
    receiver: Receiver, webhook_to: Make, sam: Participant, settings: object
) -> None:
    await sync_to_async(webhook_to)(receiver.url)
    await sync_to_async(moderation.ask)(actor=sam, microphone=True, camera=True)
    settings.WEBHOOK_LOOPBACK = False  # type: ignore[attr-defined]
    await send_what_is_due()
    assert (await WebhookDelivery.objects.aget()).said == "not_public"
    assert not receiver.got


def test_pauses_grow_and_a_day_is_the_end(webhook_to: Make, sam: Participant) -> None:
    pauses = [services.pause(attempts).total_seconds() for attempts in range(1, 30)]
    assert 8 <= pauses[0] <= 12
    assert all(later > earlier for earlier, later in pairwise(pauses[:8]))
    assert max(pauses) <= 3600 * 1.2
    webhook_to("https://example.com/")
    moderation.ask(actor=sam, microphone=True, camera=True)
    delivery = WebhookDelivery.objects.get()
    begun = timezone.now() - timedelta(hours=23, minutes=59, seconds=58)
    WebhookDelivery.objects.update(created_at=begun)
    services.note_answer(delivery_id=delivery.pk, answer=FAILED)
    delivery.refresh_from_db()
    assert (delivery.status, delivery.next_at) == ("waiting", begun + timedelta(days=1))
    WebhookDelivery.objects.update(created_at=timezone.now() - timedelta(days=1))
    services.note_answer(delivery_id=delivery.pk, answer=FAILED)
    delivery.refresh_from_db()
    assert delivery.status == "given_up"
    services.note_answer(delivery_id=delivery.pk, answer=ARRIVED)
    delivery.refresh_from_db()
    assert delivery.status == "given_up", "the last word was said"


def test_a_killed_sender_leaves_nothing_behind(webhook_to: Make, sam: Participant) -> None:
    webhook_to("https://example.com/")
    moderation.ask(actor=sam, microphone=True, camera=True)
    assert len(services.claim(most=5, busy=[])) == 1
    assert services.claim(most=5, busy=[]) == [], "the other sender is at it"
    WebhookDelivery.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert len(services.claim(most=5, busy=[])) == 1


def test_a_paused_webhook_is_told_nothing(webhook_to: Make, olivia: Participant, sam: Participant) -> None:
    webhook = webhook_to("https://example.com/")
    services.set_active(actor=olivia.user, webhook=webhook, active=False)
    moderation.ask(actor=sam, microphone=True, camera=True)
    assert not WebhookDelivery.objects.exists()


def test_a_webhook_of_an_organizer_taken_back_is_told_nothing(olivia: Participant, sam: Participant) -> None:
    """Neither what waits already, nor what happens; until somebody who runs the event resumes it."""
    event, ben = olivia.backstage_session.stage.event, UserFactory()
    events.add_organizer(actor=olivia.user, event=event, user=ben)
    webhook = services.create_webhook(actor=ben, event=event, url="https://example.com/")
    services.send_test(actor=ben, webhook=webhook)
    events.remove_organizer(actor=olivia.user, event=event, user=ben)
    assert services.claim(most=5, busy=[]) == []
    moderation.ask(actor=sam, microphone=True, camera=True)
    assert WebhookDelivery.objects.count() == 1
    webhook.refresh_from_db()
    assert not webhook.active
    services.set_active(actor=olivia.user, webhook=webhook, active=True)
    backstage.start_broadcast(actor=olivia)
    assert WebhookDelivery.objects.count() == 2


def test_a_webhook_ends_with_the_role_of_its_maker(olivia: Participant, sam: Participant) -> None:
    event = olivia.backstage_session.stage.event
    ben = MembershipFactory(organization=event.organization, role=Membership.Role.ADMIN)
    webhook = services.create_webhook(actor=ben.user, event=event, url="https://example.com/")
    ben.role = Membership.Role.MEMBER
    ben.save()
    moderation.ask(actor=sam, microphone=True, camera=True)
    webhook.refresh_from_db()
    assert not webhook.active
    assert not WebhookDelivery.objects.exists()


def test_what_waits_is_not_sent_once_its_maker_is_gone(olivia: Participant, sam: Participant) -> None:
    event = olivia.backstage_session.stage.event
    ben = MembershipFactory(organization=event.organization, role=Membership.Role.ADMIN)
    webhook = services.create_webhook(actor=ben.user, event=event, url="https://example.com/")
    moderation.ask(actor=sam, microphone=True, camera=True)
    ben.delete()
    assert services.claim(most=5, busy=[]) == []
    webhook.refresh_from_db()
    assert not webhook.active
    assert WebhookDelivery.objects.count() == 1


@pytest.mark.database
def test_senders_at_the_same_moment_claim_each_delivery_once(
    webhook_to: Make, olivia: Participant, sam: Participant
) -> None:
    for _ in range(5):
        webhook_to("https://example.com/")
    moderation.ask(actor=sam, microphone=True, camera=True)
    found = at_once(*[partial(services.claim, most=3, busy=[])] * 4)
    claimed = [delivery.pk for deliveries in found for delivery in deliveries]
    # On PostgreSQL a row that another holds at that moment is skipped, so some may be left for the next look.
    claimed += [delivery.pk for delivery in services.claim(most=10, busy=[])]
    assert len(claimed) == len(set(claimed)) == 5
