"""Lists that leave the product as files."""

import re
import zoneinfo
from collections.abc import AsyncIterator
from datetime import datetime

from asgiref.sync import sync_to_async
from defusedcsv import csv
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from events.models import Event, Registration
from events.selectors import Row, rows_of

#: Rows that are read at a time, and that a browser is sent at a time.
CHUNK = 500

#: Without it spreadsheets take UTF-8 for whatever their country used before.
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


#: In half of Europe a spreadsheet takes the semicolon for the comma, and what is behind one for a cell of its own.
_FORMULA_BEHIND_SEPARATOR = re.compile(r"([;\t]\s*)(?=[=+\-@|%])")


class _Line:
    """What a csv.writer writes to: hands the text back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


async def people_csv(event: Event, people: QuerySet[Registration]) -> AsyncIterator[bytes]:
    """Those of `selectors.people_of`, in the order they registered; times in the event's zone.

    A cell that a spreadsheet would take for a formula is made text: names are typed by anybody.
    """
    writer = csv.writer(_Line())
    zone = event.time_zone
    clock = zoneinfo.ZoneInfo(zone)
    header = [
        _("Name"),
        _("E-mail"),
        _("Registered (%(zone)s)") % {"zone": zone},
        _("Came (%(zone)s)") % {"zone": zone},
        _("Organizer"),
        _("Blocked"),
    ]
    yield (BYTE_ORDER_MARK + writer.writerow(header)).encode()
    last = 0
    while chunk := await _after(event, people, last):
        yield "".join(writer.writerow(_cells(row, clock)) for row in chunk).encode()
        last = chunk[-1].registration.pk


@sync_to_async
def _after(event: Event, people: QuerySet[Registration], last: int) -> list[Row]:
    """The next ones by key: no cursor stays open while a slow browser reads."""
    return rows_of(event, list(people.filter(pk__gt=last).order_by("pk")[:CHUNK]))


def _cells(row: Row, clock: zoneinfo.ZoneInfo) -> list[str]:
    user = row.registration.user
    return [
        _text(user.display_name),
        _text(user.email),
        _time(row.registration.created_at, clock),
        _time(row.registration.came_at, clock),
        _("yes") if row.is_organizer else "",
        _("yes") if row.is_blocked else "",
    ]


def _text(typed: str) -> str:
    """The library looks at the first sign of a cell alone."""
    return _FORMULA_BEHIND_SEPARATOR.sub(r"\1'", typed)


def _time(at: datetime | None, clock: zoneinfo.ZoneInfo) -> str:
    """As spreadsheets understand it."""
    return at.astimezone(clock).strftime("%Y-%m-%d %H:%M:%S") if at else ""
