"""What is kept of what people write, and whom it names."""

import pytest

from chat.text import clean, named, possible_names


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Hello", "Hello"),
        ("  two\r\nlines\r ", "two\nlines"),
        ("a\u2028b\u0085c", "a\nb\nc"),
        ("a\n\n \n\t\n\nb", "a\n\nb"),
        ("a\n\n\nb\n\n\n\nc", "a\n\nb\n\nc"),
        ("tab\there", "tab here"),
        ("bell\x07 null\x00", "bell null"),
        ("e\u0301", "é"),
        ("Zero\u200bwidth\ufeff \u00adsoft", "Zerowidth soft"),
        # Directions: whatever reaches beyond its message is gone, marks between two characters stay.
        ("\u202eevil\u202c \u2066x\u2069 \u202ax", "evil x x"),
        ("שלום\u200f!", "שלום\u200f!"),
        # Joiners and tags make pictures of several signs.
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",) * 2,
        ("half \ud83d", "half"),
    ],
)
def test_what_is_kept(written: str, kept: str) -> None:
    assert clean(written) == kept
    assert clean(kept) == kept


@pytest.mark.parametrize(
    "sign", list("\u3164\u2800\u200c\u200d\u200e\u061c\u115f\uffa0\u034f\ufe0f\U000e0067")
)
def test_a_message_of_blanks_is_none(sign: str) -> None:
    assert clean(sign) == ""
    assert clean(f" {sign}\n\u3164\n{sign}") == ""
    assert clean(f"a{sign}") == f"a{sign}"


def test_what_nobody_sees_makes_no_blank_lines() -> None:
    assert clean("a\n\u200b\n\u200b\nb") == "a\n\nb"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("@Sam", {"Sam"}),
        ("hi @Sam Barnes, and @Sam.", {"Sam Barnes", "Sam"}),
        ("@Sam Barnes", {"Sam Barnes"}),
        ("@Sam and @Ada Kovač!", {"Sam", "Ada Kovač"}),
        ("(@Sam)", {"Sam"}),
        ("sam@Sam", set()),
        ("@ Sam", set()),
        ("@Samuel", set()),
        ("@Sam\nBarnes", {"Sam"}),
        ("@@Sam", {"Sam"}),
    ],
)
def test_names_behind_an_at(written: str, found: set[str]) -> None:
    assert named(written, {"Sam", "Sam Barnes", "Ada Kovač"}) == found


def test_no_flood_of_names() -> None:
    assert len(possible_names("@a b c d e f g h " * 100)) < 300
