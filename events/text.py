"""What people type, before it is kept."""

import unicodedata

#: Joiners, which some scripts and emoji need.
KEPT = {"\u200c", "\u200d"}
#: Letters and signs that are drawn as nothing, or as a blank.
DRAWN_AS_BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
#: Unicode categories: control characters, and separators of lines and paragraphs.
BLANK = {"Cc", "Zl", "Zp"}
#: Format characters: those that turn the direction of what follows, or have no width.
UNSEEN = {"Cf"}


def one_line(text: str) -> str:
    """Without characters that nobody sees, by which one could pass for somebody else; blanks are single."""
    words = "".join(map(_shown, text)).split()
    # A joiner at the end of a word joins nothing.
    return " ".join(filter(None, (word.strip("".join(KEPT)) for word in words)))


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in BLANK or sign in DRAWN_AS_BLANK:
        return " "
    return "" if category in UNSEEN and sign not in KEPT else sign
