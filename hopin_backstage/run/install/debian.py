"""Debian packages: which are missing, and installing them without starting the services they bring."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.voice import say

# Run as root, with the packages as arguments. Debian starts and enables the services of janus, redis-server
# and postgresql, and its janus listens on every address with demo settings. None is wanted: we start our own,
# private ones. So policy-rc.d, unless there is one, says no (101) to starting them meanwhile; and those that
# came with this very call are not to start at the next boot either.
# https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
INSTALL_QUIETLY = """
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  trap 'exit 1' HUP INT TERM
  printf '#!/bin/sh\\nexit 101\\n' > $policy
  chmod 755 $policy
fi
before=$(ls /lib/systemd/system)
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@" </dev/null
for service in janus redis-server postgresql; do
  if [ -e /lib/systemd/system/$service.service ] && ! echo "$before" | grep -qx $service.service; then
    systemctl disable --quiet $service || true
  fi
done
"""


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") is not None


def _postgresql_server() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


def _venv_module() -> bool:
    # Debian's python3 has venv, but not the ensurepip that it needs.
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        return False
    return True


TO_RUN: Mapping[str, Callable[[], bool]] = {
    "janus": _program("janus"),
    "redis-server": _program("redis-server"),
    "python3-venv": _venv_module,
}
TO_TEST: Mapping[str, Callable[[], bool]] = {
    **TO_RUN,
    "chromium": _program("chromium"),
    "firefox-esr": _program("firefox-esr"),
    "postgresql": _postgresql_server,
    "nodejs": _program("node"),
    "npm": _program("npm"),
}


def install_missing(packages: Mapping[str, Callable[[], bool]]) -> None:
    """Raises CannotRun with the line to type where we may not install."""
    missing = [name for name, is_there in packages.items() if not is_there()]
    if not missing:
        return
    by_hand = f"sudo apt-get update && sudo apt-get install --no-install-recommends {' '.join(missing)}"
    if shutil.which("apt-get") is None:
        raise CannotRun(f"These Debian packages, or your system's like, are needed: {', '.join(missing)}.")
    become_root = _become_root()
    if become_root is None:
        raise CannotRun(f"Debian packages are missing. Type this line, then make again: {by_hand}")
    say(f"Installing Debian packages: {', '.join(missing)} …")
    done = subprocess.run(
        [*become_root, "sh", "-c", INSTALL_QUIETLY, "sh", *missing],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode or not all(packages[name]() for name in missing):
        raise CannotRun(f"{done.stdout.strip()[-1500:]}\nInstalling failed. To see why, type: {by_hand}")


def _become_root() -> list[str] | None:
    """What to put before a command for root; None where we cannot without asking for a password."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None
