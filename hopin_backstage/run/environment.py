"""The environment file `.run/env`: made once and kept, so that logins outlive a restart."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.folder import RunFolder
from hopin_backstage.run.ports import free_port, is_free

HEADER = """\
# Written by `make run`. It holds the secrets of this folder's product: do not pass it on.
# Any name that hopin_backstage/settings.py reads may be added. What stands here wins over your shell.
"""
SECRETS = ("SECRET_KEY", "JANUS_API_SECRET", "JANUS_ADMIN_SECRET", "JANUS_ADMIN_KEY", "REDIS_PASSWORD")
PORTS = ("REDIS_PORT", "JANUS_PORT")


@dataclass(frozen=True)
class RunEnvironment:
    folder: RunFolder
    values: Mapping[str, str]

    @classmethod
    def load(cls, folder: RunFolder) -> Self:
        """The kept one; what is missing is made up and written. Side effect: may write the file."""
        kept = _read(folder.environment)
        values = {"DEBUG": "1", **kept}
        for name in SECRETS:
            values.setdefault(name, secrets.token_urlsafe(48))
        for name in PORTS:
            values.setdefault(name, str(free_port()))
        if values != kept:
            _write(folder.environment, values)
        return cls(folder, values)

    def with_free_ports(self) -> Self:
        """Ports that another program took meanwhile are replaced. Side effect: may write the file."""
        moved = {name: str(free_port()) for name in PORTS if not is_free(self.port(name))}
        if not moved:
            return self
        values = {**self.values, **moved}
        _write(self.folder.environment, values)
        return type(self)(self.folder, values)

    def port(self, name: str) -> int:
        return int(self.values[name])

    @property
    def debug(self) -> bool:
        return self.values["DEBUG"].lower() in {"1", "true", "yes", "on"}

    def for_children(self) -> dict[str, str]:
        """The environment of a part: ours, and over it what this folder says."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hopin_backstage.settings",
            "PYTHONUNBUFFERED": "1",
            "DATA_DIR": str(self.folder.path),
            "REDIS_URL": f"redis://:{self.values['REDIS_PASSWORD']}@127.0.0.1:{self.values['REDIS_PORT']}/0",
            "JANUS_URL": f"ws://127.0.0.1:{self.values['JANUS_PORT']}",
            **self.values,
        }


def _read(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    values = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator:
            raise CannotRun(f"Line {number} of {path} is not NAME=VALUE. Mend it, or delete the file.")
        values[name.strip()] = value.strip()
    return values


def _write(path: Path, values: Mapping[str, str]) -> None:
    # Whole or not at all: a half-written file would cost everybody their login.
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(HEADER + "".join(f"{name}={value}\n" for name, value in values.items()))
    new.replace(path)
