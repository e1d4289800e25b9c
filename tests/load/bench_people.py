"""How long the server takes for the People tab of an event with 20,000 registrations.

python -m tests.load.bench_people [ROWS]

Prints, in milliseconds, the middle of ten answers to each question, of the processor's time and of the clock's, and how
many queries it asked. Fails where the processor needs more than TARGET_MS (the database is in the same process, so on a
machine that does nothing else the two times are one), or where a page of many asks more queries than one of few.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROWS = 20_000
TARGET_MS = 200
TIMES = 10
QUESTIONS = {
    "first page": "",
    "last page": "?page=9999",
    "by name": "?sort=name",
    "by name, last page": "?sort=-name&page=9999",
    "by coming": "?sort=-came",
    "search, one found": "?search=person19999",
    "search, nobody found": "?search=nobody+like+this",
    "search, two words": "?search=person+example.com&sort=name",
    "blocked": "?only=blocked",
    "organizers": "?only=organizers",
    "came": "?only=came&sort=name",
}


def prepare(folder: str) -> None:
    """A database of its own, and the cache in the process: nothing else needs to run."""
    import secrets

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hopin_backstage.settings",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "LOG_LEVEL": "ERROR",
    }
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    django.setup()
    call_command("migrate", verbosity=0)


def fill(rows: int) -> tuple[str, str]:
    """The addresses of the tab with so many rows, and of one with a few."""
    from datetime import timedelta

    from django.utils import timezone

    from events.models import Block, Event, Membership, Organization, Registration, User

    now = timezone.now()
    users = User.objects.bulk_create(
        User(email=f"person{number}@example.com", display_name=f"Person {number * 7919 % rows}")
        for number in range(rows)
    )
    organization = Organization.objects.create(name="Bench", slug="bench")
    Membership.objects.create(organization=organization, user=users[0], role=Membership.Role.OWNER)
    paths = []
    for slug, people in (("many", users), ("few", users[:60])):
        event = Event.objects.create(
            organization=organization,
            name=slug,
            slug=slug,
            starts_at=now,
            ends_at=now + timedelta(hours=1),
        )
        Registration.objects.bulk_create(
            Registration(event=event, user=user, came_at=now if user.pk % 3 else None) for user in people
        )
        Block.objects.bulk_create(Block(event=event, user=user) for user in people[::50])
        event.organizers.add(*people[1:20])
        paths.append(f"/events/{slug}/manage/people/")
    return paths[0], paths[1]


def main(rows: int) -> int:
    with tempfile.TemporaryDirectory(prefix="hopin-bench-") as folder:
        prepare(folder)
        many, few = fill(rows)
        return measure(many, few, rows)


def measure(many: str, few: str, rows: int) -> int:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from events.models import User

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.earliest("pk"))
    failed = 0
    with CaptureQueriesContext(connection) as of_few:
        client.get(few)
    print(f"{rows:,} registrations; ms of {TIMES} answers; target {TARGET_MS}")
    print(f"{'':24}{'processor':>10}{'clock':>8}{'queries':>9}")
    for name, query in QUESTIONS.items():
        client.get(many + query)
        took = [timed(client, many + query) for _ in range(TIMES)]
        processor, clock = (median(times) for times in zip(*took, strict=True))
        with CaptureQueriesContext(connection) as asked:
            client.get(many + query)
        bad = processor > TARGET_MS or len(asked) > len(of_few)
        failed += bad
        print(f"{name:24}{processor:10.0f}{clock:8.0f}{len(asked):9}{'  too much' if bad else ''}")
    return 1 if failed else 0


def timed(client: object, path: str) -> tuple[float, float]:
    """Of processor and clock, in milliseconds."""
    worked, began = time.process_time(), time.perf_counter()
    response = client.get(path)  # type: ignore[attr-defined]
    assert response.status_code == 200, response.status_code
    return (time.process_time() - worked) * 1000, (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
