"""Triggers that keep the audit log: no row of it is changed or deleted, by whatever writes to the database.

SQLite makes a table anew to alter it, and drops its triggers with the old one: a later migration of this table ends
with `migrations.RunPython(protect, unprotect)` again (tests/integration/moderation/test_ledger.py notices).
"""

import django.db.models.deletion
from django.db import migrations, models

SENTENCE = "The audit log is final: its entries can neither be changed nor deleted."
TABLE = "moderation_auditentry"

PROTECT = {
    "sqlite": [
        *(
            f"""CREATE TRIGGER audit_log_no_{verb.lower()} BEFORE {verb} ON {TABLE}
            BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"""
            for verb in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without asking that trigger: https://www.sqlite.org/lang_conflict.html
        f"""CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END""",
    ],
    "postgresql": [
        f"""CREATE FUNCTION audit_log_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'restrict_violation'; END $$""",
        # For each statement: also one that finds no row is a mistake, and TRUNCATE knows no rows.
        f"""CREATE TRIGGER audit_log_is_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_is_final()""",
        # Holds also while replication or a restore switches ordinary triggers off.
        f"ALTER TABLE {TABLE} ENABLE ALWAYS TRIGGER audit_log_is_final",
    ],
}

UNPROTECT = {
    "sqlite": [f"DROP TRIGGER audit_log_no_{verb}" for verb in ("update", "delete", "replace")],
    "postgresql": [
        f"DROP TRIGGER audit_log_is_final ON {TABLE}",
        "DROP FUNCTION audit_log_is_final()",
    ],
}


def protect(apps, schema_editor):
    for statement in PROTECT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unprotect(apps, schema_editor):
    for statement in UNPROTECT[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ("events", "0001_initial"),
        ("moderation", "0002_preflight_and_audit_log"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="auditentry",
            options={
                "ordering": ["-at", "-id"],
                "verbose_name": "audit entry",
                "verbose_name_plural": "audit log",
            },
        ),
        migrations.AlterModelOptions(name="sharerequest", options={"ordering": ["asked_at", "id"]}),
        migrations.AddField(
            model_name="auditentry",
            name="event_name",
            field=models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="event",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="audit_entries",
                to="events.event",
            ),
        ),
        migrations.RunPython(protect, unprotect),
    ]
