"""A page's own JavaScript stays under 60 kB, compressed as it is served: minified, each module by itself."""

import re
from collections.abc import Iterable
from pathlib import Path

import brotli
import pytest
from rjsmin import jsmin

PROJECT = Path(__file__).parents[3]
FOLDERS = [
    *(PROJECT / app / "static" for app in ("events", "backstage", "chat", "moderation")),
    PROJECT / "hopin_backstage/static",
]
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*"(\.[^"]+)\"""")
LIMIT = 60_000


def served(address: str) -> Path:
    """The file that is served at /static/ADDRESS."""
    return next(folder / address for folder in FOLDERS if (folder / address).exists())


def weight_of(entries: Iterable[Path]) -> int:
    """Bytes, of the modules and of all that they import."""
    own = set[Path]().union(*map(modules, entries))
    return sum(len(brotli.compress(jsmin(module.read_text()).encode())) for module in own)


def modules(entry: Path) -> set[Path]:
    found: set[Path] = set()
    wanted = [entry.resolve()]
    while wanted:
        module = wanted.pop()
        if module not in found:
            found.add(module)
            wanted += [_source(module.parent / name) for name in IMPORTED.findall(module.read_text())]
    return found


def _source(module: Path) -> Path:
    """Apps import from one another by what is served: `/static/APP/…`."""
    if module.exists():
        return module.resolve()
    parts = module.resolve().parts
    return served("/".join(parts[parts.index("static") + 1 :]))


@pytest.mark.parametrize(
    "entries",
    [
        ["moderation/static/moderation/organizers.js"],
        ["moderation/static/moderation/main.js"],
        ["backstage/static/backstage/stage.js", "chat/static/chat/beside-stage.js"],
    ],
    ids=lambda entries: Path(entries[0]).stem,
)
def test_a_page_weighs_less_than_60_kb(entries: list[str]) -> None:
    """The heaviest; of every page: integration/access/test_every_page.py."""
    assert len(set().union(*(modules(PROJECT / entry) for entry in entries))) > 20
    assert weight_of(PROJECT / entry for entry in entries) < LIMIT
