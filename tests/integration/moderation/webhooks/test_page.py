"""The organizers' page of webhooks."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backstage.models import Participant
from events import services as events
from moderation.models import Webhook, WebhookDelivery
from moderation.webhooks import services
from moderation.webhooks.post import Answer
from tests.refusals import refusal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _pages(pages_without_collectstatic: None) -> None:
    """As they are in the source."""


def page(participant: Participant) -> str:
    return reverse("moderation:webhooks", args=[participant.backstage_session.stage.event.slug])


def test_an_organizer_makes_tests_pauses_and_deletes_one(client: Client, olivia: Participant) -> None:
    client.force_login(olivia.user)
    made = client.post(page(olivia), {"url": "https://example.com/told"})
    webhook = Webhook.objects.get()
    assert made.status_code == 302
    assert webhook.secret not in made["Location"]
    assert webhook.secret in client.get(made["Location"]).content.decode()
    assert webhook.secret not in client.get(made["Location"]).content.decode()
    assert Webhook.objects.count() == 1
    assert webhook.secret not in client.get(page(olivia)).content.decode()

    change = reverse("moderation:webhook", args=[webhook.event.slug, webhook.pk])
    for _ in range(2):
        client.post(change, {"do": "test"})
    assert WebhookDelivery.objects.get().kind == "webhook.test", "one at a time"
    assert "On its way" in client.get(page(olivia)).content.decode()
    services.note_answer(delivery_id=WebhookDelivery.objects.get().pk, answer=Answer(False, "HTTP 503"))
    shown = client.get(page(olivia)).content.decode()
    assert "Trying again" in shown
    assert "HTTP 503" in shown
    WebhookDelivery.objects.update(said="not_reached:ConnectError")
    assert "Not reached: ConnectError." in client.get(page(olivia)).content.decode()
    WebhookDelivery.objects.update(status="given_up")
    assert "Given up after a day" in client.get(page(olivia)).content.decode()

    client.post(change, {"do": "pause"})
    assert "Paused" in client.get(page(olivia)).content.decode()
    client.post(change, {"do": "resume"})
    assert client.post(change, {"do": "else"}).status_code == 404
    client.post(change, {"do": "delete"})
    assert not Webhook.objects.exists()


def test_an_address_inside_is_refused_with_a_sentence(client: Client, olivia: Participant) -> None:
    client.force_login(olivia.user)
    shown = client.post(page(olivia), {"url": "https://169.254.169.254/"}).content.decode()
    assert "Enter the https address of a server on the Internet" in shown
    assert not Webhook.objects.exists()


def test_others_find_nothing(client: Client, olivia: Participant, sam: Participant) -> None:
    webhook = services.create_webhook(
        actor=olivia.user, event=olivia.backstage_session.stage.event, url="https://example.com/"
    )
    change = reverse("moderation:webhook", args=[webhook.event.slug, webhook.pk])
    client.force_login(sam.user)
    assert client.get(page(sam)).status_code == 404
    assert client.post(page(sam), {"url": "https://example.com/"}).status_code == 404
    assert client.post(change, {"do": "delete"}).status_code == 404
    assert Webhook.objects.count() == 1


def test_of_an_archived_event_they_are_read_paused_and_deleted(client: Client, olivia: Participant) -> None:
    event = olivia.backstage_session.stage.event
    client.force_login(olivia.user)
    for url in ("https://one.example/", "https://two.example/"):
        services.create_webhook(actor=olivia.user, event=event, url=url)
    services.set_active(
        actor=olivia.user, webhook=Webhook.objects.get(url="https://two.example/"), active=False
    )
    offers = ("Add webhook", "Send a test", "Resume")
    before = client.get(page(olivia)).content.decode()
    assert [offer for offer in offers if offer not in before] == [], "else nothing is tested"
    events.archive_event(actor=olivia.user, event=event)
    shown = client.get(page(olivia)).content.decode()
    assert [offer for offer in offers if offer in shown] == []
    assert shown.count("This event is archived") == 1
    for left in ("https://one.example/", "https://two.example/", "Pause", "Delete this webhook"):
        assert left in shown
    Webhook.objects.all().delete()
    assert "There is none." in client.get(page(olivia)).content.decode()


def test_five_webhooks_with_deliveries_cost_what_one_costs(client: Client, olivia: Participant) -> None:
    event = olivia.backstage_session.stage.event
    client.force_login(olivia.user)
    counts = []
    for more in (1, 4):
        for number in range(more):
            url = f"https://{more}-{number}.example/"
            webhook = services.create_webhook(actor=olivia.user, event=event, url=url)
            for _ in range(3 * more):
                delivery = services.send_test(actor=olivia.user, webhook=webhook)
                services.note_answer(delivery_id=delivery.pk, answer=Answer(True, "HTTP 200"))
        with CaptureQueriesContext(connection) as asked:
            shown = client.get(page(olivia)).content.decode()
        counts.append(len(asked))
    # The last ten of each.
    assert shown.count("HTTP 200") == 3 + 4 * 10
    assert counts[0] == counts[1]


def test_services_ask_who_acts(olivia: Participant, sam: Participant) -> None:
    event = olivia.backstage_session.stage.event
    webhook = services.create_webhook(actor=olivia.user, event=event, url="https://example.com/")
    for work in (
        lambda: services.create_webhook(actor=sam.user, event=event, url="https://example.com/"),
        lambda: services.set_active(actor=sam.user, webhook=webhook, active=False),
        lambda: services.send_test(actor=sam.user, webhook=webhook),
        lambda: services.delete_webhook(actor=sam.user, webhook=webhook),
    ):
        assert refusal(work) == "event.not_yours"
    events.archive_event(actor=olivia.user, event=event)
    event.refresh_from_db()
    webhook.event = event
    for work in (
        lambda: services.create_webhook(actor=olivia.user, event=event, url="https://example.com/"),
        lambda: services.set_active(actor=olivia.user, webhook=webhook, active=True),
        lambda: services.send_test(actor=olivia.user, webhook=webhook),
    ):
        assert refusal(work) == "event.archived"
    events.restore_event(actor=olivia.user, event=event)
    event.refresh_from_db()
    for _ in range(4):
        services.create_webhook(actor=olivia.user, event=event, url="https://example.com/")
    many = lambda: services.create_webhook(actor=olivia.user, event=event, url="https://example.com/")  # noqa: E731
    assert refusal(many) == "webhook.too_many"
