"""What a page's own JavaScript weighs, compressed as it is served: minified, each module by itself."""

import re
from collections.abc import Iterable
from pathlib import Path

import brotli
from rjsmin import jsmin

from tests.sources import APPS, PROJECT

#: Bytes.
LIMIT = 60_000
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*"(\.[^"]+)\"""")


def weight_of(entries: Iterable[Path]) -> int:
    """Bytes, of these modules and of all that they import."""
    return sum(len(brotli.compress(jsmin(module.read_text()).encode())) for module in modules(entries))


def modules(entries: Iterable[Path]) -> set[Path]:
    """These, and all that they import."""
    found: set[Path] = set()
    wanted = [entry.resolve() for entry in entries]
    while wanted:
        module = wanted.pop()
        if module not in found:
            found.add(module)
            wanted += [_source(module.parent / name) for name in IMPORTED.findall(module.read_text())]
    return found


def served(address: str) -> Path:
    """The file that is served at /static/ADDRESS."""
    there = (PROJECT / app / "static" / address for app in APPS)
    return next(path for path in there if path.exists())


def _source(module: Path) -> Path:
    """Apps import from one another by what is served: `/static/APP/…`."""
    if module.exists():
        return module.resolve()
    parts = module.resolve().parts
    return served("/".join(parts[parts.index("static") + 1 :]))
