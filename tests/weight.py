"""What a page's own JavaScript weighs as it is served: minified, with hashes in its imports, each module compressed."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.core.files import File

from hopin_backstage.staticfiles import ModuleManifestStorage
from tests.sources import APPS, PROJECT

#: Bytes.
LIMIT = 60_000
IMPORTED = re.compile(r"""(?:from|import)\s*\(?\s*"(\.[^"]+)\"""")


class Served:
    """Our apps' static files, put below a folder as a release puts them there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        storage = ModuleManifestStorage(location=self._folder, base_url="/static/")
        names = [name for app in APPS for name in _saved(storage, PROJECT / app / "static")]
        self._names: dict[str, str] = {}
        for name, served, outcome in storage.post_process({name: (storage, name) for name in names}):
            if isinstance(outcome, Exception):
                raise outcome
            self._names[name] = served

    def weight_of(self, addresses: Iterable[str]) -> int:
        """Bytes that a browser fetches for these, named below /static/ as in a template, and all that they import."""
        return sum(_fetched(module) for module in self.modules(addresses))

    def modules(self, addresses: Iterable[str]) -> set[Path]:
        """These, and all that they import."""
        found: set[Path] = set()
        wanted = [self._folder / self._names[address] for address in addresses]
        while wanted:
            module = wanted.pop()
            if module not in found:
                found.add(module)
                wanted += [(module.parent / name).resolve() for name in IMPORTED.findall(module.read_text())]
        return found


def _saved(storage: ModuleManifestStorage, folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                yield storage.save(path.relative_to(folder).as_posix(), File(file))


def _fetched(module: Path) -> int:
    """It is kept compressed only where that is smaller."""
    compressed = module.with_name(f"{module.name}.br")
    return (compressed if compressed.exists() else module).stat().st_size
