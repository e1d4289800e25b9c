"""`node_modules`, as package-lock.json has it. For the tests only: the pages ship as they are written."""

import subprocess
from pathlib import Path

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.install import stamp
from hopin_backstage.run.voice import say


def install(project: Path) -> None:
    lock = project / "package-lock.json"
    done = project / "node_modules" / ".installed-from"
    if not lock.exists() or stamp.is_current(done, stamp.digest(lock)):
        return
    say("Installing the packages of package-lock.json …")
    npm = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"],  # noqa: S607  Debian's or the reader's own
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if npm.returncode:
        raise CannotRun(f"{npm.stdout.strip()[-1500:]}\nnpm ci failed, see above.")
    stamp.write(done, stamp.digest(lock))
