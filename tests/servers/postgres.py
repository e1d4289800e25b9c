"""A PostgreSQL of the tests' own: a new cluster, free port, random password, no regard for disks."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import tethered
from tests.servers.redis import wait_for_port

READY_WITHIN_S = 30.0
#: Tests have nothing to lose, so it need not wait for any disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PrivatePostgres:
    """`crashes`: what is committed has to be there after a crash of it, if not after one of the machine."""

    def __init__(self, *, crashes: bool = False) -> None:
        self._settings = (*CARELESS, "synchronous_commit=on") if crashes else CARELESS
        self.port = free_port()
        self._password = secrets.token_urlsafe(16)
        # Not below a folder that only root may enter: the server runs as another user then.
        self._folder = Path(tempfile.mkdtemp(prefix="hopin-postgres-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgres://hopin:{self._password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        programs = _programs()
        password = self._folder / "password"
        password.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
            shutil.chown(password, "postgres", "postgres")
        cluster = str(self._folder / "cluster")
        subprocess.run(
            [
                *_unprivileged(),
                *(str(programs / "initdb"), "--pgdata", cluster, "--no-sync", "--auth", "scram-sha-256"),
                *(
                    "--username",
                    "hopin",
                    "--pwfile",
                    str(password),
                    "--encoding",
                    "UTF8",
                    "--locale",
                    "C.UTF-8",
                ),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
        )
        self.start_again()

    def start_again(self) -> None:
        """With what it holds."""
        cluster = str(self._folder / "cluster")
        options = [
            word for setting in (*self._settings, "unix_socket_directories=") for word in ("-c", setting)
        ]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *_unprivileged(),
                    # QUIT is its immediate shutdown, which ends its children too.
                    *tethered(
                        [
                            *(str(_programs() / "postgres"), "-D", cluster),
                            *("-h", "127.0.0.1", "-p", str(self.port), *options),
                        ],
                        "QUIT",
                    ),
                ],
                stderr=log,
                cwd="/",
            )
        wait_for_port(self.port, self._process, READY_WITHIN_S)

    def crash(self) -> None:
        """Everybody's connections end, and what was not committed is gone; `start_again` brings it back."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def stop(self) -> None:
        self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        raise RuntimeError("PostgreSQL's server is missing. Type: sudo apt-get install postgresql")
    return found[-1].parent


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root, so root becomes the user that its Debian package made."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--"]
