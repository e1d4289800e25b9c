"""What people type, before it is kept."""

import unicodedata

#: Joiners, which some scripts and emoji need.
KEPT = {"\u200c", "\u200d"}
#: Letters and signs that are drawn as nothing, or as a blank.
DRAWN_AS_BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
#: They only change the sign before them; alone they are drawn as nothing.
CHANGES_ANOTHER = {
    "\u034f",
    "\u17b4",
    "\u17b5",
    *map(chr, range(0x180B, 0x1810)),
    *map(chr, range(0xFE00, 0xFE10)),
    *map(chr, range(0xE0100, 0xE01F0)),
}
#: Unicode categories: control characters, and separators of lines and paragraphs.
BLANK = {"Cc", "Zl", "Zp"}
#: Format characters: those that turn the direction of what follows, or have no width.
UNSEEN = {"Cf"}


def one_line(text: str) -> str:
    """Without characters that nobody sees, by which one could pass for somebody else; blanks are single."""
    if is_blank(text):
        return ""
    words = "".join(map(_shown, text)).split()
    # A joiner at the end of a word joins nothing.
    return " ".join(filter(None, (word.strip("".join(KEPT)) for word in words)))


def is_blank(text: str) -> bool:
    """Nobody would see anything of it."""
    return not any(map(_is_seen, text))


def _is_seen(sign: str) -> bool:
    is_drawn = sign not in DRAWN_AS_BLANK and sign not in CHANGES_ANOTHER
    return is_drawn and not sign.isspace() and unicodedata.category(sign) not in BLANK | UNSEEN


def _shown(sign: str) -> str:
    category = unicodedata.category(sign)
    if category in BLANK or sign in DRAWN_AS_BLANK:
        return " "
    return "" if category in UNSEEN and sign not in KEPT else sign
