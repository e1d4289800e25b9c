"""Installing, without installing: what is asked of whom, and what is said where it cannot be had."""

import subprocess
from pathlib import Path

import pytest

from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.install import debian, python, stamp


def test_nothing_is_asked_of_anybody_where_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("ran something"))
    debian.install_missing({"janus": lambda: True})


def test_who_may_not_install_is_told_the_line_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debian, "_become_root", lambda: None)
    with pytest.raises(CannotRun) as told:
        debian.install_missing({"janus": lambda: False, "redis-server": lambda: False, "npm": lambda: True})
    assert str(told.value).endswith("apt-get install --no-install-recommends janus redis-server")
    assert "\n" not in str(told.value)


def test_root_script_installs_quietly_and_leaves_nothing_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The real script with a stand-in for apt-get, which sees whether services may start meanwhile."""
    policy, units, tools = tmp_path / "policy-rc.d", tmp_path / "units", tmp_path / "tools"
    units.mkdir()
    tools.mkdir()
    (units / "redis-server.service").touch()
    _tool(
        tools / "apt-get",
        f'[ "$1" = update ] || {{ sh {policy}; echo $? > {tmp_path}/policy; }}\n'
        f'[ "$1" = update ] || touch {units}/janus.service',
    )
    _tool(tools / "systemctl", f'echo "$@" >> {tmp_path}/systemctl')
    script = debian.INSTALL_QUIETLY.replace("/usr/sbin/policy-rc.d", str(policy)).replace(
        "/lib/systemd/system", str(units)
    )
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    subprocess.run(["sh", "-c", script, "sh", "janus"], check=True)
    assert (tmp_path / "policy").read_text() == "101\n"
    assert not policy.exists()
    # redis-server was there before: whether it starts is its owner's business.
    assert (tmp_path / "systemctl").read_text() == "disable --quiet janus\n"


def test_policy_of_the_machine_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    policy, tools = tmp_path / "policy-rc.d", tmp_path / "tools"
    policy.write_text("#!/bin/sh\nexit 0\n")
    tools.mkdir()
    _tool(tools / "apt-get", "exit 1")
    script = debian.INSTALL_QUIETLY.replace("/usr/sbin/policy-rc.d", str(policy))
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    assert subprocess.run(["sh", "-c", script, "sh", "janus"], check=False).returncode == 1
    assert policy.read_text() == "#!/bin/sh\nexit 0\n"


def test_environment_that_holds_more_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, superset, environment = tmp_path / "lock", tmp_path / "dev.lock", tmp_path / ".venv"
    lock.write_text("a==1\n")
    superset.write_text("a==1\nb==1\n")
    environment.mkdir()
    stamp.write(environment / python.STAMP, python.digest(superset))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("ran pip"))
    python.install(environment, lock, superset=superset)


def _tool(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_folder_that_takes_no_environment_is_named(tmp_path: Path) -> None:
    # Where no folder can be made, even by root.
    lock = tmp_path / "lock"
    lock.touch()
    with pytest.raises(CannotRun, match="copy the project"):
        python.install(lock / ".venv", lock)
