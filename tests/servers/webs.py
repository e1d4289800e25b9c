"""Several web processes with one Redis and one database, and no more: neither Janus nor stagehand."""

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import tethered
from tests.servers.orm import OrmProcess
from tests.servers.postgres import PrivatePostgres
from tests.servers.redis import PrivateRedis, wait_for_port

LISTENS_WITHIN_S = 60.0
#: Modules that run an application on a port, with their options.
OURS = ("hopin_backstage.run.web", "--bind", "127.0.0.1", "--no-server-name", "--verbosity", "0")
UVICORN = ("uvicorn", "--host", "127.0.0.1", "--lifespan", "off", "--log-level", "warning")


class Webs:
    """Run `application`; `people` have accounts, whose session keys are `sessions`. On SQLite, or `postgres`.

    `server`: a module that runs it, and its options.
    """

    def __init__(
        self,
        count: int = 1,
        people: int = 4,
        application: str = "tests.servers.room:application",
        *,
        postgres: bool = False,
        server: Iterable[str] = OURS,
    ) -> None:
        self.redis = PrivateRedis()
        self.postgres = PrivatePostgres(crashes=True) if postgres else None
        self.ports = [free_port() for _ in range(count)]
        self.sessions: list[str] = []
        self._people = people
        self._application = application
        self._server = server
        self._folder = tempfile.TemporaryDirectory(prefix="hopin-webs-")
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._orm: OrmProcess | None = None
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "hopin_backstage.settings",
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_DIR": self._folder.name,
            "REDIS_URL": self.redis.url,
            "DATABASE_URL": self.postgres.url
            if self.postgres
            else f"sqlite:///{self._folder.name}/db.sqlite3",
            "JANUS_API_SECRET": secrets.token_urlsafe(48),
            "JANUS_ADMIN_KEY": secrets.token_urlsafe(48),
            "DEBUG": "0",
            # As `make run` has it; the room needs few.
            "ASGI_THREADS": "16",
        }

    def __enter__(self) -> "Webs":
        self.redis.start()
        if self.postgres is not None:
            self.postgres.start()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=PROJECT,
            env=self.environment,
            check=True,
        )
        self._orm = OrmProcess(self.environment)
        self.sessions = self.django(
            "from tests.servers import room; result = room.seed(people)", people=self._people
        )
        self.environment["ROOM_SESSIONS"] = " ".join(self.sessions)
        for number in range(len(self.ports)):
            self.start(number)
        return self

    def __exit__(self, *_: object) -> None:
        for number in list(self._processes):
            self.kill(number)
        if self._orm is not None:
            self._orm.stop()
        self.redis.stop()
        if self.postgres is not None:
            self.postgres.stop()
        self._folder.cleanup()

    def django(self, work: str | Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """As `Product.django`."""
        assert self._orm is not None
        return self._orm.run(work, *arguments, **named)

    def start(self, number: int) -> None:
        with self._log(number).open("ab") as log:
            process = subprocess.Popen(
                tethered(
                    [
                        *(sys.executable, "-m", *self._server),
                        *("--port", str(self.ports[number]), self._application),
                    ]
                ),
                cwd=PROJECT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._processes[number] = process
        wait_for_port(self.ports[number], process, LISTENS_WITHIN_S)

    def kill(self, number: int) -> None:
        """As a crash would."""
        process = self._processes.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def pid(self, number: int = 0) -> int:
        return self._processes[number].pid

    def log(self, number: int = 0) -> str:
        return self._log(number).read_text(errors="replace")

    def _log(self, number: int) -> Path:
        return Path(self._folder.name) / f"web{number}.log"
