"""The folder `.run`: everything the product keeps on this machine. Deleting it means starting anew."""

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

from hopin_backstage.run.errors import CannotRun


@dataclass(frozen=True)
class RunFolder:
    path: Path

    @property
    def environment(self) -> Path:
        return self.path / "env"

    @property
    def redis(self) -> Path:
        return self.path / "redis"

    @property
    def janus(self) -> Path:
        return self.path / "janus"

    @property
    def demo(self) -> Path:
        """What the demo command said when it filled the database; that it is there means that it has been."""
        return self.path / "demo.txt"

    @property
    def database(self) -> Path:
        """Where the settings have SQLite keep it, unless DATABASE_URL says otherwise."""
        return self.path / "db.sqlite3"

    @property
    def migrated(self) -> Path:
        """Which migrations the database has had."""
        return self.path / "migrated"

    def log(self, part: str) -> Path:
        return self.path / "log" / f"{part}.log"

    def pid(self, part: str) -> Path:
        return self.path / "pids" / part

    def create(self) -> None:
        try:
            for folder in (self.path, self.redis, self.janus, self.path / "log", self.path / "pids"):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe = self.path / "lock"
            probe.touch(mode=0o600)
            probe.open("a").close()
        except OSError as error:
            raise CannotRun(
                f"The folder {self.path} cannot be written to ({error.strerror}). "
                "Copy the project to a folder of your own and type there: make run"
            ) from error


class RunLock:
    """Held as long as a runner lives; the kernel gives it back however the runner ends."""

    def __init__(self, folder: RunFolder) -> None:
        self._file = (folder.path / "lock").open("r+")

    def take(self, address: str) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            where, _, pid = self._file.read().partition("\n")
            raise CannotRun(
                f"Hopin Backstage is running from this folder already: {where or 'it is just starting'}. "
                f"To stop it, press Ctrl-C in its window{f', or type: kill {pid.strip()}' if pid else ''}"
            ) from None
        self._file.truncate(0)
        self._file.write(f"{address}\n{os.getpid()}\n")
        self._file.flush()
