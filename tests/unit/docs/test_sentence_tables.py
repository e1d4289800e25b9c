"""The tables docs/*-tests.md name tests that exist, and say of every sentence what proves it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
TABLES = sorted((TESTS.parent / "docs").glob("*-tests.md"))


def rows(table: Path) -> list[tuple[str, ...]]:
    return [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in table.read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| sentence"))
    ]


NAMED = sorted(
    {name for table in TABLES for row in rows(table) for name in re.findall(r"`([^`]+::test_[^`]+)`", row[1])}
)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_every_sentence_has_its_tests_or_says_that_they_are_missing(table: Path) -> None:
    assert rows(table)
    for row in rows(table):
        assert len(row) == 2, row
        assert row[0], row
        assert row[1].startswith("missing") or "::test_" in row[1], row


@pytest.mark.parametrize("name", NAMED)
def test_the_named_test_exists(name: str) -> None:
    file, test = name.split("::")
    assert re.search(rf"^(async )?def {re.escape(test)}\(", (TESTS / file).read_text(), re.MULTILINE)
