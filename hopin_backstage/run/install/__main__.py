"""`python3 -m hopin_backstage.run.install run|test|lock`: what `make` calls first, with any Python."""

import sys
from pathlib import Path

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.install import debian, node, python
from hopin_backstage.run.voice import complain

PROJECT = Path(__file__).resolve().parents[3]
LOCK, DEV_LOCK = PROJECT / "requirements.lock", PROJECT / "requirements-dev.lock"


def main(purpose: str) -> int:
    environment = PROJECT / ".venv"
    try:
        if purpose == "test":
            debian.install_missing(debian.TO_TEST)
            python.install(environment, DEV_LOCK)
            node.install(PROJECT)
        elif purpose == "lock":
            debian.install_missing({"python3-venv": debian.TO_RUN["python3-venv"]})
            python.install(environment, DEV_LOCK)
        else:
            debian.install_missing(debian.TO_RUN)
            python.install(environment, LOCK, superset=DEV_LOCK)
    except CannotRun as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(
            f"{error.filename}: {error.strerror}. If this folder is not yours, or the disk is full, copy the project "
            "to a folder of your own and try again."
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
