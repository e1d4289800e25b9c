"""What people write, before it is kept; and whom it mentions."""

import re
import unicodedata
from collections.abc import Collection, Mapping

from events.text import is_blank

#: Of the format characters those that scripts and emoji need: joiners, marks of direction that reach no further than
#: their neighbours, and the tags that flags of regions are made of.
KEPT = {"\u200c", "\u200d", "\u200e", "\u200f", "\u061c", *map(chr, range(0xE0020, 0xE0080))}
#: Lines and paragraphs end with these, too.
LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
#: Blank lines behind one another: one is enough.
BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
#: Names of people are found behind these at most so often in one message.
MOST_MENTIONS = 20
#: Words of a name.
MOST_WORDS = 6


def clean(text: str) -> str:
    """As it is kept: composed (NFC), without characters that nobody sees, and blank lines single.

    What turns the direction of text (overrides, embeddings, isolates) is among them, so that no message reaches into
    the next. A message of nothing but blanks is "".
    """
    shown = "".join(filter(_is_kept, LINE_ENDS.sub("\n", text).replace("\t", " ")))
    kept = BLANK_LINES.sub("\n\n", unicodedata.normalize("NFC", shown)).strip()
    # Joiners, and letters that are drawn as nothing, need others beside them.
    return "" if is_blank(kept) else kept


def _is_kept(sign: str) -> bool:
    # Cs: halves of characters, which no database takes.
    return sign in KEPT or sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cf", "Cs"}


def possible_names(text: str) -> list[str]:
    """What may be a name behind an @, the longer ones of each first."""
    found: list[str] = []
    for behind in _behind_ats(text):
        words = list(re.finditer(r"\S+", behind))[:MOST_WORDS]
        for word in reversed(words):
            upto = behind[: word.end()]
            found += [upto, upto.rstrip(".,:;!?)’'\"")]
    return list(dict.fromkeys(filter(None, found)))


def named(text: str, names: set[str]) -> set[str]:
    """Those of `names` that stand behind an @; of two that begin alike the longer one."""
    found = (
        next((name for name in possible_names(f"@{each}") if name in names), "") for each in _behind_ats(text)
    )
    return {name for name in found if name}


def mentioned(text: str, people: Mapping[int, str], chosen: Collection[int] = ()) -> list[tuple[int, str]]:
    """Of `people`, names by id, those who are named behind an @: their id, and the name as it stands there.

    Of several people of one name those of `chosen`; all of them, if none is. Others than `possible_names` do no harm.
    """
    here = named(text, set(people.values()))
    settled = {people[pk] for pk in chosen if pk in people}
    return [
        (pk, name) for pk, name in people.items() if name in here and (pk in chosen or name not in settled)
    ]


def _behind_ats(text: str) -> list[str]:
    """The rest of the line behind each @ that begins a word, up to the next."""
    return re.findall(r"(?<!\w)@([^\s@][^\n@]*)", text)[:MOST_MENTIONS]
