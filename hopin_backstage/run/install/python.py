"""The virtual environment `.venv`, holding exactly what a lock file names, checked by hash."""

import subprocess
import sys
import venv
from pathlib import Path

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.install import stamp
from hopin_backstage.run.voice import say

STAMP = "installed-from"
#: What packages are made for; a newer patch of it takes them as they are.
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def install(environment: Path, lock: Path, *, superset: Path | None = None) -> None:
    """Side effects: makes the environment and installs into it, unless that was done already.

    `superset`: a lock that holds all of `lock` and more; where it was installed, nothing is missing.
    """
    wanted = digest(lock)
    done = environment / STAMP
    if stamp.is_current(done, wanted) or (superset and stamp.is_current(done, digest(superset))):
        return
    say(f"Installing Python packages from {lock.name} into {environment.name} …")
    python = environment / "bin" / "python"
    if not python.exists() or not (environment / "lib" / f"python{PYTHON}").is_dir():
        _make(environment)
    done.unlink(missing_ok=True)
    pip = subprocess.run(
        [
            *(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
            *("--no-deps", "--require-hashes", "--requirement", lock),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if pip.returncode:
        raise CannotRun(
            f"{pip.stdout.strip()[-1500:]}\nThe Python packages could not be installed, see above. "
            "Check the network, then try again."
        )
    stamp.write(done, wanted)


def _make(environment: Path) -> None:
    try:
        venv.create(environment, with_pip=True, clear=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CannotRun(
            f"{environment} cannot be made ({error}). If the folder cannot be written to, copy the project "
            "to a folder of your own and try again."
        ) from error


def digest(lock: Path) -> str:
    return stamp.digest(lock, PYTHON)
