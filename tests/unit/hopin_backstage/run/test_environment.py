"""The environment file: made once, kept, private, and open to what a reader adds."""

from pathlib import Path

import pytest

from hopin_backstage.run import environment
from hopin_backstage.run.environment import PORTS, SECRETS, RunEnvironment
from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.folder import RunFolder


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    made = RunFolder(tmp_path / ".run")
    made.create()
    return made


def test_everything_is_made_up_once_and_kept(folder: RunFolder) -> None:
    first = RunEnvironment.load(folder)
    assert set(first.values) >= {*SECRETS, *PORTS, "DEBUG"}
    assert len({first.values[name] for name in SECRETS}) == len(SECRETS)
    assert RunEnvironment.load(folder) == first


def test_nobody_else_may_read_it(folder: RunFolder) -> None:
    RunEnvironment.load(folder)
    assert folder.environment.stat().st_mode & 0o777 == 0o600
    assert folder.path.stat().st_mode & 0o077 == 0


def test_what_a_reader_adds_is_kept_and_wins(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.environment.write_text("# mine\n\nDEBUG=0\nSUPPORT_EMAIL = help@example.com\n")
    monkeypatch.setenv("SUPPORT_EMAIL", "elsewhere@example.com")
    loaded = RunEnvironment.load(folder)
    assert not loaded.debug
    assert loaded.for_children()["SUPPORT_EMAIL"] == "help@example.com"
    assert "SUPPORT_EMAIL=help@example.com" in folder.environment.read_text()


def test_line_that_is_none_is_named(folder: RunFolder) -> None:
    folder.environment.write_text("DEBUG=1\nnonsense\n")
    with pytest.raises(CannotRun, match=r"Line 2 of .* is not NAME=VALUE"):
        RunEnvironment.load(folder)


def test_only_a_taken_port_moves(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    before = RunEnvironment.load(folder)
    monkeypatch.setattr(environment, "is_free", lambda port: port != before.port("REDIS_PORT"))
    after = before.with_free_ports()
    assert after.port("REDIS_PORT") != before.port("REDIS_PORT")
    assert after.port("JANUS_PORT") == before.port("JANUS_PORT")
    assert RunEnvironment.load(folder) == after


def test_parts_are_told_where_the_others_are(folder: RunFolder) -> None:
    loaded = RunEnvironment.load(folder)
    children = loaded.for_children()
    assert children["REDIS_URL"].endswith(f"@127.0.0.1:{loaded.values['REDIS_PORT']}/0")
    assert children["JANUS_URL"] == f"ws://127.0.0.1:{loaded.values['JANUS_PORT']}"
    assert children["DATA_DIR"] == str(folder.path)
