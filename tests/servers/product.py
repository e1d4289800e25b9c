"""The whole product for tests: the very runner of `make run`, with a cluster's settings, in a new folder."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hopin_backstage.run.environment import RunEnvironment
from hopin_backstage.run.folder import RunFolder
from hopin_backstage.run.health import ailing, ask
from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import identity, tethered
from tests.servers.orm import OrmProcess

PARTS = ("redis", "janus", "stagehand", "webhooks", "web")
HEALTHY_WITHIN_S = 90.0
STOPPED_WITHIN_S = 30.0
#: Set by tests/conftest.py for the process of the tests themselves.
OURS = {
    "DATA_DIR",
    "SECRET_KEY",
    "REDIS_URL",
    "DATABASE_URL",
    "JANUS_API_SECRET",
    "JANUS_ADMIN_KEY",
    "DEBUG",
}


class Product:
    """`settings`: environment names that differ from what `make run` would set, e.g. DEBUG="1"."""

    def __init__(self, folder: Path | None = None, **settings: str) -> None:
        self._own_folder = None if folder else tempfile.TemporaryDirectory(prefix="hopin-product-")
        self.folder = RunFolder(Path(folder or self._own_folder.name))  # type: ignore[union-attr]
        self.port = free_port()
        self._settings = {"DEBUG": "0", **settings}
        self._runner: subprocess.Popen[bytes] | None = None
        self._orm: OrmProcess | None = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def env(self) -> Mapping[str, str]:
        """What its parts have as their environment."""
        theirs = RunEnvironment.load(self.folder).for_children()
        # What tests/conftest.py set for this process is in there too, and is not theirs.
        return {
            name: value for name, value in theirs.items() if name not in OURS or value != os.environ.get(name)
        }

    def start(self) -> "Product":
        """Returns once /healthz is green. Raises RuntimeError with what the runner said."""
        self.folder.create()
        if not self.folder.environment.exists():
            lines = [f"{name}={value}\n" for name, value in self._settings.items()]
            self.folder.environment.touch(mode=0o600)
            self.folder.environment.write_text("".join(lines))
        with self.folder.log("runner").open("ab") as log:
            self._runner = subprocess.Popen(
                tethered(
                    [
                        *(sys.executable, "-m", "hopin_backstage.run"),
                        *("--folder", str(self.folder.path), "--port", str(self.port)),
                    ],
                    "TERM",
                ),
                cwd=PROJECT,
                env=_clean_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.wait_until_healthy()
        return self

    def stop(self) -> None:
        """Everything ends, in order. Raises RuntimeError if something is left. May be called again."""
        if self._orm is not None:
            self._orm.stop()
            self._orm = None
        if self._runner is None:
            return
        # Of a runner that a test has ended, the parts are that test's business.
        alive = self._runner.poll() is None
        pids = [self.pid(part) if alive else 0 for part in PARTS]
        self._runner.send_signal(signal.SIGTERM)
        self._runner.wait(STOPPED_WITHIN_S)
        self._runner = None
        left = [part for part, pid in zip(PARTS, pids, strict=True) if pid and identity(pid)]
        if left:
            raise RuntimeError(f"Still running after the runner has ended: {', '.join(left)}")
        if self._own_folder is not None:
            self._own_folder.cleanup()

    def __enter__(self) -> "Product":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def runner(self) -> "subprocess.Popen[bytes]":
        assert self._runner is not None, "start it first"
        return self._runner

    def pid(self, part: str) -> int:
        """0 while it does not run."""
        try:
            return int(self.folder.pid(part).read_text().split()[0])
        except (FileNotFoundError, IndexError):
            return 0

    def kill(self, part: str) -> None:
        """As a crash would, with SIGKILL. The runner starts it again at once; `freeze` is for a longer outage."""
        os.kill(self.pid(part), signal.SIGKILL)

    def restart(self, part: str) -> None:
        """Ends it as an upgrade would, and returns when its successor is well."""
        before = self.pid(part)
        os.kill(before, signal.SIGTERM)
        self.wait_until_replaced(part, before)

    def freeze(self, part: str) -> None:
        """It stays there, but does nothing until `thaw`."""
        os.kill(self.pid(part), signal.SIGSTOP)

    def thaw(self, part: str) -> None:
        os.kill(self.pid(part), signal.SIGCONT)

    def wait_until_replaced(self, part: str, before: int) -> None:
        def replaced() -> bool:
            self._expect_runner()
            return self.pid(part) not in {0, before}

        _wait(replaced, HEALTHY_WITHIN_S, f"{part} was not started again")
        self.wait_until_healthy()

    def _expect_runner(self) -> None:
        if self.runner.poll() is not None:
            raise RuntimeError(f"The runner ended: {self.log('runner')}")

    def wait_until_healthy(self) -> None:
        def healthy() -> bool:
            self._expect_runner()
            return not ailing(ask(self.port))

        _wait(healthy, HEALTHY_WITHIN_S, f"not healthy: {self.log('runner')}")

    def log(self, part: str) -> str:
        """What it said: one of PARTS, or "runner"."""
        path = self.folder.log(part)
        return path.read_text(errors="replace") if path.exists() else ""

    def manage(self, *arguments: str) -> str:
        """One of Django's commands; what it said. Raises RuntimeError with what it complained of."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def django(self, work: str | Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Runs ORM code in a process with the product's settings, database and Redis; gives its result.

        `work`: a function at the top level of a module, called with the arguments; or source code, whose
        variable `result` is the result and whose names are the named arguments. Arguments and results are
        pickled. An exception comes back as RuntimeError with its traceback. The first call takes a second,
        others milliseconds.
        """
        if self._orm is None:
            self._orm = OrmProcess(dict(self.env))
        return self._orm.run(work, *arguments, **named)


def _clean_environment() -> dict[str, str]:
    """Ours without the settings that tests/conftest.py made for this process."""
    return {name: value for name, value in os.environ.items() if name not in OURS}


def _wait(condition: Callable[[], bool], within_s: float, otherwise: str) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError(otherwise)
        time.sleep(0.05)
