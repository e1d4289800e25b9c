"""The environment that the settings read, made before they are, with servers of the tests' own in it."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from hypothesis import settings as of_examples

from tests.servers.postgres import PrivatePostgres
from tests.servers.product import Product
from tests.servers.redis import PrivateRedis
from tests.weight import Served

_folder = tempfile.TemporaryDirectory(prefix="hopin-tests-")
_redis = PrivateRedis()
#: TEST_DATABASE=postgres runs the same tests on PostgreSQL.
_postgres = PrivatePostgres() if os.environ.get("TEST_DATABASE") == "postgres" else None

os.environ |= {
    "DJANGO_SETTINGS_MODULE": "hopin_backstage.settings",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "DATA_DIR": _folder.name,
    "REDIS_URL": _redis.url,
    "JANUS_API_SECRET": secrets.token_urlsafe(48),
    "JANUS_ADMIN_KEY": secrets.token_urlsafe(48),
    # A thread that keeps its connection would keep the test database from being dropped.
    "DATABASE_URL": f"{_postgres.url}?conn_max_age=0"
    if _postgres
    else f"sqlite:///{_folder.name}/db.sqlite3",
}
# The same examples in every run: what is found by chance is found by whoever has changed something else. Where chance
# is meant, in test_random_shows.py, the run says how to repeat it.
of_examples.register_profile("repeatable", derandomize=True, database=None, deadline=None, print_blob=True)
of_examples.load_profile("repeatable")

# pytest-django would do it before this file is read, and so without this environment.
django.setup()


def pytest_sessionstart() -> None:
    _redis.start()
    if _postgres:
        _postgres.start()


def pytest_sessionfinish() -> None:
    if _postgres:
        _postgres.stop()
    _redis.stop()
    _folder.cleanup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A file, as in production: in memory, SQLite has other locks, and threads would share one connection."""
    from django.conf import settings

    if not _postgres:
        settings.DATABASES["default"]["TEST"]["NAME"] = str(Path(_folder.name) / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def _flush_empties_the_audit_log_too() -> None:
    """Tests that commit are cleaned up by emptying all tables, which the audit log's triggers refuse, as they should.

    So their triggers are taken away for just that, in the same transaction.
    """
    from importlib import import_module

    from django.db import connection

    final = import_module("moderation.migrations.0003_audit_log_is_final")
    off, on = final.UNPROTECT[connection.vendor], final.PROTECT[connection.vendor]
    operations = type(connection.ops)
    flush = operations.sql_flush

    def sql_flush(self: object, style: object, tables: list[str], **options: object) -> list[str]:
        statements = flush(self, style, tables, **options)
        return [*off, *statements, *on] if final.TABLE in tables else statements

    operations.sql_flush = sql_flush


@pytest.fixture(scope="session")
def product() -> Iterator[Product]:
    """The whole product, running. What a test makes in it stays, so each makes an event of its own."""
    with Product() as running:
        yield running


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """Our static files as a release serves them."""
    return Served(tmp_path_factory.mktemp("served"))
