"""The product's own sources, for tests that read them."""

from pathlib import Path

PROJECT = Path(__file__).parents[1]
APPS = ("events", "backstage", "chat", "moderation", "hopin_backstage")
#: Of pages and of e-mails.
TEMPLATES = sorted((PROJECT / "templates").rglob("*.*"))
SCRIPTS = sorted(PROJECT.glob("*/static/**/*.js"))
SHEETS = sorted(PROJECT.glob("*/static/**/*.css"))


def within_project(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def modules_of(app: str) -> list[Path]:
    """In Python."""
    return sorted((PROJECT / app).rglob("*.py"))
