"""The tables docs/*-tests.md name tests that exist, and say of every sentence what proves it."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
TABLES = sorted((TESTS.parent / "docs").glob("*-tests.md"))
#: A test, by its name in Python, by its sentence in JavaScript.
TEST = re.compile(r"`([^`]+\.(?:py::test_|js::)[^`]+)`")
#: What measures a figure: it prints, and asserts nothing.
MODULE = re.compile(r"`python -m ([\w.]+)[^`]*`")


def rows(table: Path) -> list[tuple[str, ...]]:
    return [
        tuple(cell.strip() for cell in line.strip("|").split("|"))
        for line in table.read_text().splitlines()
        if line.startswith("| ") and not line.startswith(("| ---", "| sentence"))
    ]


def named(what: re.Pattern[str]) -> list[str]:
    return sorted({name for table in TABLES for row in rows(table) for name in what.findall(row[1])})


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_every_sentence_has_its_tests_or_says_that_they_are_missing(table: Path) -> None:
    assert rows(table)
    for row in rows(table):
        assert len(row) == 2, row
        assert row[0], row
        assert row[1].startswith("missing") or TEST.search(row[1]) or MODULE.search(row[1]), row
        # Whatever looks like a test is one that is looked for below.
        assert row[1].count("::") == len(TEST.findall(row[1])), row


@pytest.mark.parametrize("name", named(TEST))
def test_the_named_test_exists(name: str) -> None:
    file, test = name.split("::")
    begins = r'^test\(\s*"{}"' if file.endswith(".js") else r"^(?:async )?def {}\("
    assert re.search(begins.format(re.escape(test)), (TESTS / file).read_text(), re.MULTILINE)


@pytest.mark.parametrize("name", named(MODULE))
def test_the_named_command_exists(name: str) -> None:
    assert (TESTS.parent / name.replace(".", "/")).with_suffix(".py").is_file()
