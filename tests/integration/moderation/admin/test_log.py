"""Support reads the audit log, the requests and the blocks, and changes them through services alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backstage.models import BackstageSession, Participant
from events.models import Event
from moderation import services
from moderation.models import AuditEntry

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.database,
    pytest.mark.usefixtures("pages_without_collectstatic"),
]


def changelist(**query: str) -> str:
    return reverse("admin:moderation_auditentry_changelist", query=query)


def test_an_entry_outlives_all_that_it_names(
    session: BackstageSession, entry: AuditEntry, sam: Participant, olivia: Participant, support: Client
) -> None:
    event = session.stage.event
    sam.user.delete()
    event.organization.delete()
    olivia.user.delete()
    assert not Event.objects.filter(pk=event.pk).exists()
    assert str(AuditEntry.objects.get()) == "Olivia: Muted Sam"
    for shown in (changelist(), changelist(q="Sam"), changelist(q=event.name), changelist(action="muted")):
        page = support.get(shown).content.decode()
        assert "Olivia" in page
        assert event.name in page
    opened = support.get(reverse("admin:moderation_auditentry_change", args=[entry.pk]))
    assert opened.status_code == 200
    assert event.name in opened.content.decode()


def test_support_reads_it_and_nothing_more(
    session: BackstageSession, entry: AuditEntry, support: Client
) -> None:
    page = support.get(changelist()).content.decode()
    assert reverse("admin:events_event_change", args=[session.stage.event_id]) in page
    assert reverse("admin:backstage_backstagesession_change", args=[session.pk]) in page
    assert "delete_selected" not in page
    for action in ("delete", "change"):
        path = reverse(f"admin:moderation_auditentry_{action}", args=[entry.pk])
        assert support.post(path, {"post": "yes", "actor_name": "Nobody"}).status_code == 403
    assert support.get(reverse("admin:moderation_auditentry_add")).status_code == 403
    assert support.get(changelist(event__id__exact=str(session.stage.event_id))).status_code == 200
    assert AuditEntry.objects.get().actor_name == "Olivia"


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    entry: AuditEntry, olivia: Participant, sam: Participant, support: Client, django_assert_num_queries: Any
) -> None:
    with CaptureQueriesContext(connection) as one:
        support.get(changelist())
    for number in range(6):
        services.mute(actor=olivia, participant_id=sam.pk, muted=bool(number % 2))
    with django_assert_num_queries(len(one)):
        support.get(changelist())


def test_support_looks_at_requests(sam: Participant, support: Client) -> None:
    request = services.ask(actor=sam, microphone=True, camera=True)
    assert "Sam" in support.get(reverse("admin:moderation_sharerequest_changelist")).content.decode()
    path = reverse("admin:moderation_sharerequest_change", args=[request.pk])
    assert support.get(path).status_code == 200
    assert support.post(path, {"state": "accepted"}).status_code == 403


def test_support_unblocks_through_the_service(
    session: BackstageSession, olivia: Participant, sam: Participant, support: Client
) -> None:
    services.block(actor=olivia, participant_id=sam.pk)
    block = session.stage.event.blocks.get()
    blocks = reverse("admin:events_block_changelist")
    chosen = {"action": "unblock", "_selected_action": [str(block.pk)]}
    asked = support.post(blocks, chosen).content.decode()
    assert "Sam" in asked
    assert session.stage.event.blocks.exists(), "the question alone does nothing"
    answer = support.post(blocks, {**chosen, "confirmed": "yes"}, follow=True)
    assert "Sam may come in again." in answer.content.decode()
    assert not session.stage.event.blocks.exists()
    assert AuditEntry.objects.filter(action="unblocked", target=sam.user).count() == 1
    for path in (
        reverse("admin:events_block_add"),
        reverse("admin:events_block_delete", args=[block.pk]),
    ):
        assert support.post(path, {}).status_code in {302, 403}
