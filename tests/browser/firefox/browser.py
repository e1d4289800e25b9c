"""Debian's Firefox, driven by a small Node program (driver.js) over WebDriver BiDi."""

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hopin_backstage.run.process import tethered

DRIVER = Path(__file__).with_name("driver.js")
STARTS_WITHIN_S = 60.0
ANSWERS_WITHIN_S = 40.0
ENDS_WITHIN_S = 15.0


class FirefoxError(Exception):
    """Firefox, or its driver, could not do what was asked, or did not answer in time."""


class Firefox:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            tethered(["node", str(DRIVER)], "TERM"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._last_id = 0
        self.version: str = self._next(STARTS_WITHIN_S)["ready"]

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))
        self._lines.put({"error": "the driver has ended"})

    def _next(self, within_s: float) -> dict[str, Any]:
        try:
            return self._lines.get(timeout=within_s)
        except queue.Empty:
            raise FirefoxError(f"no answer within {within_s:.0f} s") from None

    def do(self, command: str, **parameters: Any) -> Any:
        """The result of one command of driver.js. Raises FirefoxError."""
        assert self._process.stdin is not None
        self._last_id += 1
        self._process.stdin.write(json.dumps({"id": self._last_id, "do": command, **parameters}) + "\n")
        self._process.stdin.flush()
        while True:
            answer = self._next(ANSWERS_WITHIN_S)
            if "error" in answer:
                raise FirefoxError(f"{command}: {answer['error']}")
            if answer.get("id") == self._last_id:
                return answer["result"]

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            # Its driver ends Firefox on SIGTERM, too.
            self._process.terminate()
            self._process.wait(ENDS_WITHIN_S)
        self._reader.join(ENDS_WITHIN_S)
        self._process.stdout.close()


@contextmanager
def firefox() -> Iterator[Firefox]:
    running = Firefox()
    try:
        yield running
    finally:
        running.close()
