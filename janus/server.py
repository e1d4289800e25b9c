"""A Janus of our own as a child process: for `make run`, and for tests."""

import contextlib
import dataclasses
import json
import shutil
import socket
import subprocess
import time
from pathlib import Path

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from janus.configuration import JanusServerConfig, render
from janus.errors import JanusDidNotStart, JanusNotInstalled
from janus.link import SILENT

LOG_NAME = "janus.log"
_LOOK_EVERY_S = 0.05
_LOG_TAIL = 800  # bytes


def free_port(address: str = "127.0.0.1") -> int:
    """A TCP port that was free a moment ago."""
    with socket.create_server((address, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class JanusServer:
    """One Janus process, configured in `folder`, logging to `folder/janus.log`. Blocking: in an event loop
    use a thread.

    `config` has the port that was found when it was made with `ws_port` 0. It may be started again after it
    ended.
    """

    def __init__(self, config: JanusServerConfig, folder: Path) -> None:
        port = config.ws_port or free_port(config.api_address)
        self.config = dataclasses.replace(config, ws_port=port)
        self.folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.config.url

    @property
    def pid(self) -> int | None:
        """The process id while it runs, else None."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self, deadline_s: float = 10.0) -> None:
        """Start it and return once it answers on its WebSocket.

        Raises JanusNotInstalled; JanusDidNotStart, with the end of its log, after having stopped it.
        """
        if self.pid is not None:
            return
        program = shutil.which("janus")
        if program is None:
            raise JanusNotInstalled("The program `janus` was not found: install it with `apt install janus`.")
        render(self.config, self.folder)
        with (self.folder / LOG_NAME).open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-F", str(self.folder.resolve())],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait_until_it_answers(time.monotonic() + deadline_s)

    def stop(self, deadline_s: float = 5.0) -> None:
        """Ask it to end, and kill it after `deadline_s` seconds. Idempotent."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(deadline_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def kill(self) -> None:
        """End it at once (SIGKILL). Idempotent."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def log_tail(self) -> str:
        """The end of its log."""
        path = self.folder / LOG_NAME
        return path.read_bytes()[-_LOG_TAIL:].decode(errors="replace") if path.exists() else ""

    def _wait_until_it_answers(self, deadline: float) -> None:
        while not self._answers():
            if self.pid is None or time.monotonic() > deadline:
                ended = self.pid is None
                self.kill()
                what = "ended while starting" if ended else "did not answer in time"
                raise JanusDidNotStart(
                    f"Janus {what}. Its log, {self.folder / LOG_NAME}, ends:\n{self.log_tail()}"
                )
            time.sleep(_LOOK_EVERY_S)

    def _answers(self) -> bool:
        question = json.dumps({"janus": "ping", "transaction": "ready"})
        with (
            contextlib.suppress(OSError, TimeoutError, WebSocketException),
            connect(
                self.url,
                subprotocols=[Subprotocol("janus-protocol")],
                open_timeout=1,
                close_timeout=1,
                proxy=None,
                logger=SILENT,
            ) as socket_,
        ):
            socket_.send(question)
            return bool(json.loads(socket_.recv(timeout=1))["janus"] == "pong")
        return False
