"""People read times in their own zone: a template hands each to js/times.js, which knows that zone."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[3] / "templates"
PAGES = sorted(page.relative_to(TEMPLATES).as_posix() for page in TEMPLATES.rglob("*.html"))
#: Where another zone than the reader's is meant.
ANOTHER_ZONE = {
    # The event's own, beside the reader's.
    "includes/when.html",
    # Support compares it with logs, and it names its zone.
    "admin/media_servers.html",
}

TIME = re.compile(r"<time\b.*?</time>", re.DOTALL)
WRITTEN_BY_THE_SERVER = re.compile(r"\|\s*(?:date|time)\b")
READ_BY_THE_SCRIPT = (
    "data-format=",
    "data-when-start",
    "data-when-end",
    "data-when-there-start",
    "data-when-there-end",
)


def written(page: str) -> str:
    return (TEMPLATES / page).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_no_time_stands_in_the_zone_of_the_server(page: str) -> None:
    found = WRITTEN_BY_THE_SERVER.findall(TIME.sub("", written(page)))
    assert bool(found) == (page in ANOTHER_ZONE)


def test_the_script_finds_every_time_that_the_server_wrote() -> None:
    times = [
        time for page in PAGES for time in TIME.findall(written(page)) if WRITTEN_BY_THE_SERVER.search(time)
    ]
    assert len(times) > 8
    assert [time for time in times if not any(mark in time for mark in READ_BY_THE_SCRIPT)] == []
