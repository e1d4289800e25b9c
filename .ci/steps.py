"""What `make test` checks, in this order, until something fails. Prints how long each step took."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
BIN = PROJECT / ".venv" / "bin"
PYTHON = str(BIN / "python")
SOURCE = ("hopin_backstage", "events", "backstage", "moderation", "chat", "janus")

#: A cluster's settings, for `check --deploy` and for whatever else only loads the settings.
DEPLOYED = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DEBUG": "0",
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "ALLOWED_HOSTS": "backstage.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://backstage.example.com",
    "DATA_DIR": str(PROJECT / ".artifacts" / "deployed"),
    "REDIS_URL": "redis://:password@redis.example.com:6379/0",
    "JANUS_URL": "ws://janus.example.com:8188",
    "MEDIA_HOST": "192.0.2.10",
    "JANUS_MEDIA_HOST": "192.0.2.20",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "JANUS_API_SECRET": secrets.token_urlsafe(32),
    "JANUS_ADMIN_KEY": secrets.token_urlsafe(32),
}


@dataclass(frozen=True)
class Step:
    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    return (str(BIN / name), *arguments)


def manage(*arguments: str) -> Step:
    return Step(f"manage.py {' '.join(arguments)}", (PYTHON, "manage.py", *arguments), DEPLOYED)


def steps() -> list[Step]:
    return [
        Step("ruff format", tool("ruff", "format", "--check", "--quiet", ".")),
        Step("ruff check", tool("ruff", "check", "--quiet", ".")),
        Step("mypy", tool("mypy", *SOURCE, ".ci/steps.py"), DEPLOYED),
        Step("lint-imports", tool("lint-imports"), DEPLOYED),
        Step("djlint", tool("djlint", "templates", "--lint", "--quiet")),
        Step("tsc", ("node_modules/.bin/tsc", "--project", ".")),
        Step("node --test", ("node", "--test", "--test-reporter=dot", *javascript_tests())),
        manage("makemigrations", "--check", "--dry-run"),
        manage("check", "--deploy", "--fail-level", "WARNING"),
        manage("wiretypes", "--check"),
        # The rules that the database holds, on the database that a cluster has. First, so that the closing
        # line of the whole suite is the last.
        Step("pytest on PostgreSQL", pytest("-m", "database"), {"TEST_DATABASE": "postgres"}),
        Step("pytest", pytest()),
    ]


def javascript_tests() -> list[str]:
    # Node 20 takes no pattern: https://nodejs.org/docs/latest-v20.x/api/test.html
    folder = PROJECT / "tests/unit/js"
    found = sorted(str(path.relative_to(PROJECT)) for path in folder.rglob("*test*.js"))
    return found or [str(folder)]


def pytest(*arguments: str) -> tuple[str, ...]:
    return (PYTHON, "-m", "pytest", "-q", *arguments)


def passes(step: Step) -> bool:
    environment = {**os.environ, **step.environment, "PYTHONUNBUFFERED": "1"}
    return subprocess.run(step.command, cwd=PROJECT, env=environment, check=False).returncode == 0


def main() -> int:
    took: dict[str, float] = {}
    failed = None
    for step in steps():
        print(f"--- {step.name}", flush=True)
        started = time.monotonic()
        passed = passes(step)
        took[step.name] = time.monotonic() - started
        if not passed:
            failed = step.name
            break
    print("\nSeconds:")
    for name, seconds in [*took.items(), ("total", sum(took.values()))]:
        print(f"{seconds:8.1f}  {name}", flush=True)
    if failed:
        print(f"\nFAILED: {failed}. What it says stands above.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
