"""What people type, before it is kept."""

import unicodedata

#: Joiners, which some scripts and emoji need.
KEPT = {"\u200c", "\u200d"}
#: Unicode categories: control characters, and separators of lines and paragraphs.
BLANK = {"Cc", "Zl", "Zp"}
#: Format characters: those that turn the direction of what follows, or have no width.
UNSEEN = {"Cf"}


def one_line(text: str) -> str:
    """Without characters that nobody sees, by which one could pass for somebody else; blanks are single."""
    return " ".join("".join(map(_shown, text)).split())


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in BLANK:
        return " "
    return "" if category in UNSEEN and sign not in KEPT else sign
