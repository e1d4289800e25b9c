"""Nothing changes or deletes what is in the audit log."""

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from backstage.models import BackstageSession
from events import demo
from events import services as events
from events.models import Event, Organization, User
from moderation.ledger import REFUSAL, AuditLogIsFinal
from moderation.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MIGRATION = import_module("moderation.migrations.0003_audit_log_is_final")
TABLE = "moderation_auditentry"


def in_raw_sql(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


STATEMENTS = [
    "DELETE FROM moderation_auditentry",
    "DELETE FROM moderation_auditentry WHERE action = 'muted'",
    "UPDATE moderation_auditentry SET actor_name = 'Nobody'",
    "UPDATE moderation_auditentry SET id = id",
]
OF_VENDOR = {
    "sqlite": ["INSERT OR REPLACE INTO moderation_auditentry SELECT * FROM moderation_auditentry"],
    "postgresql": [
        "TRUNCATE moderation_auditentry",
        "TRUNCATE moderation_auditentry CASCADE",
        (
            "INSERT INTO moderation_auditentry SELECT * FROM moderation_auditentry"
            " ON CONFLICT (id) DO UPDATE SET actor_name = 'Nobody'"
        ),
    ],
}


@pytest.mark.parametrize("statement", STATEMENTS + OF_VENDOR[connection.vendor])
def test_the_database_refuses(entry: AuditEntry, statement: str) -> None:
    before = AuditEntry.objects.values().get()
    with pytest.raises(DatabaseError, match="The audit log is final"):
        in_raw_sql(statement)
    assert AuditEntry.objects.values().get() == before


def test_the_orm_says_so_first(entry: AuditEntry, session: BackstageSession) -> None:
    entry.actor_name = "Nobody"
    for work in (
        entry.delete,
        entry.save,
        lambda: entry.save(update_fields=["actor_name"]),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.update(actor_name="Nobody"),
        lambda: AuditEntry.objects.bulk_update([entry], ["actor_name"]),
        lambda: session.audit_entries.all().delete(),
    ):
        with pytest.raises(AuditLogIsFinal, match="neither be changed nor deleted"):
            work()
    assert AuditEntry.objects.get().actor_name == "Olivia"


def test_both_refuse_in_the_same_words() -> None:
    assert MIGRATION.SENTENCE == REFUSAL
    assert MIGRATION.TABLE == TABLE


def test_the_demo_can_be_made_anew_and_what_happened_in_it_stays(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT, settings.DATA_DIR = tmp_path, tmp_path
    demo.fill()
    event = Event.objects.get(slug=demo.EVENT_SLUG)
    sam = User.objects.get(email="sam@example.com")
    events.block(actor=User.objects.get(email="olivia@example.com"), event=event, user=sam)
    demo.reset()
    entry = AuditEntry.objects.get(action="blocked")
    assert (entry.actor_name, entry.target_name, entry.event_name) == (
        "Olivia Marsh",
        "Sam Barnes",
        demo.EVENT,
    )
    assert Event.objects.get(slug=demo.EVENT_SLUG).pk != event.pk, (
        "and it belongs to no other event by chance"
    )
    assert not User.objects.filter(pk=sam.pk).exists(), "nor to another person"
    assert Organization.objects.filter(slug=demo.ORGANIZATION_SLUG).count() == 1
