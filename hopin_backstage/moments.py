"""Which times the product keeps: so far from the ends of the calendar that every time zone can show them."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from hopin_backstage.realtime import Refused

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def check_moment(moment: datetime) -> None:
    """Raises Refused: `time.out_of_range`."""
    if not EARLIEST <= moment <= LATEST:
        raise Refused("time.out_of_range", out_of_range())


def out_of_range() -> str:
    return _("Choose a time between the years 2000 and 2200.")
