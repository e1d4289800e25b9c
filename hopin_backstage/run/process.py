"""One running part: a child process that cannot outlive the runner."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

LARGEST_LOG = 5_000_000  # bytes; a longer one is put aside when the part starts


class PartProcess:
    def __init__(self, process: asyncio.subprocess.Process, pid_file: Path) -> None:
        self._process = process
        self._pid_file = pid_file
        pid_file.write_text(identity(process.pid))

    @classmethod
    async def start(
        cls, command: Sequence[str], *, environment: Mapping[str, str], cwd: Path, log: Path, pid_file: Path
    ) -> Self:
        with _open_log(log) as output:
            process = await asyncio.create_subprocess_exec(
                *tethered(command),
                env=environment,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # A group of its own: Ctrl-C reaches the runner alone, which then stops the parts in order.
                start_new_session=True,
            )
        return cls(process, pid_file)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    async def wait(self) -> str:
        """Until it ended; says how."""
        code = await self._process.wait()
        # What it may have started must not stay behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)
        return f"by signal {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"

    async def stop(self, grace_s: float) -> None:
        """Asks it to end, and ends it after `grace_s` seconds."""
        if self.running:
            self._process.terminate()
        try:
            async with asyncio.timeout(grace_s):
                await self.wait()
        except TimeoutError:
            self._process.kill()
            await self.wait()


def tethered(command: Sequence[str], signal_name: str = "KILL") -> list[str]:
    """The command, so that the kernel sends it a signal when the runner dies, however that happens.

    setpriv is in Debian's util-linux, so it is on every machine: https://man7.org/linux/man-pages/man1/setpriv.1.html
    """
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", signal_name, "--", *command] if setpriv else [*command]


def identity(pid: int) -> str:
    """Names one process for good: its id alone is given to another one day. "" where there is none."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    state, started = after_name[0], after_name[19]
    if state in "ZX":
        return ""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{pid} {started} {boot}"


def end_leftover(pid_file: Path) -> bool:
    """Ends what an earlier runner left, if it is the very process that it started. Says whether it was."""
    kept = pid_file.read_text()
    pid_file.unlink()
    pid = int(kept.split()[0]) if kept.strip() else 0
    if not pid or identity(pid) != kept:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return True


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    path.touch(mode=0o600)
    return path.open("ab")
