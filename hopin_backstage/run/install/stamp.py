"""Remembers what was installed from which lock file, so that a second start has nothing to do."""

import hashlib
from pathlib import Path


def digest(*parts: Path | str) -> str:
    seen = hashlib.sha256()
    for part in parts:
        seen.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return seen.hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    return stamp.exists() and stamp.read_text() == wanted


def write(stamp: Path, wanted: str) -> None:
    stamp.write_text(wanted)
