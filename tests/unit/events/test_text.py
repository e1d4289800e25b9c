"""What people type is one visible line."""

import pytest

from events.text import one_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ada \n Lovelace\t", "Ada Lovelace"),
        ("Ada\x00\x07Lovelace", "Ada Lovelace"),
        ("Ada\u2028Lovelace", "Ada Lovelace"),
        ("\u202eecalevoL adA", "ecalevoL adA"),
        ("A\u200bda", "Ada"),
        ("\u200b", ""),
        ("\u200d", ""),
        ("\u3164 \u2800", ""),
        ("\ufe0f", ""),
        ("❤\ufe0f", "❤\ufe0f"),
        ("Ada\u3164", "Ada"),
        ("Ada\u200d \u200cLovelace\u200d", "Ada Lovelace"),
        ("👩\u200d💻 می\u200cخواهم", "👩\u200d💻 می\u200cخواهم"),
    ],
)
def test_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept
