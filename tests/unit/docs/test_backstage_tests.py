"""docs/backstage-tests.md names tests that exist, and says of every sentence what proves it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
TABLE = TESTS.parent / "docs" / "backstage-tests.md"
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in TABLE.read_text().splitlines()
    if line.startswith("| ") and not line.startswith(("| ---", "| sentence"))
]
NAMED = sorted({name for row in ROWS for name in re.findall(r"`([^`]+::test_[^`]+)`", row[1])})


def test_every_sentence_has_its_tests_or_says_that_they_are_missing() -> None:
    assert ROWS
    for row in ROWS:
        assert len(row) == 2, row
        assert row[0], row
        assert row[1].startswith("missing") or "::test_" in row[1], row


@pytest.mark.parametrize("name", NAMED)
def test_the_named_test_exists(name: str) -> None:
    file, test = name.split("::")
    assert re.search(rf"^(async )?def {re.escape(test)}\(", (TESTS / file).read_text(), re.MULTILINE)
