"""A Redis of the tests' own: free port, random password, nothing on disk, ended by its own process id."""

import secrets
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import tethered

READY_WITHIN_S = 10.0


class PrivateRedis:
    def __init__(self) -> None:
        self.port = free_port()
        self._password = secrets.token_urlsafe(16)
        self._folder = tempfile.TemporaryDirectory(prefix="hopin-redis-")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        configuration = Path(self._folder.name) / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {self.port}\nrequirepass {self._password}\n"
            f'dir {self._folder.name}\nsave ""\nappendonly no\n'
        )
        self._process = subprocess.Popen(
            tethered(["redis-server", str(configuration)]), stdout=subprocess.DEVNULL
        )
        wait_for_port(self.port, self._process, READY_WITHIN_S)

    def crash(self) -> None:
        """Everybody's connections end; `start` brings it back, empty, where it was."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()


def wait_for_port(port: int, process: "subprocess.Popen[bytes]", within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args!r} does not listen on port {port}.") from None
            time.sleep(0.02)
        else:
            return
