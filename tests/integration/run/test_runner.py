"""The real runner, with the real parts."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import identity
from tests.servers.product import PARTS, Product

Laptop = Callable[[], Product]


def family(product: Product) -> list[psutil.Process]:
    """Every process below the runner, however deep."""
    return psutil.Process(product.runner.pid).children(recursive=True)


@contextmanager
def heard(number: signal.Signals) -> Iterator[None]:
    """By what is started within, also where nohup or `&` in a script have it ignored by the tests."""
    before = signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(number, before)


def run(*arguments: str, before: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """The runner, expected to end by itself."""
    return subprocess.run(
        [*before, sys.executable, "-m", "hopin_backstage.run", *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def expect_plain_refusal(done: "subprocess.CompletedProcess[str]") -> str:
    """One sentence or two, no traceback, and an exit code that says no."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.strip().count("\n") == 0
    return done.stderr


def test_first_start_shows_who_can_sign_in_and_keeps_secrets_private(laptop: Laptop, home: Path) -> None:
    product = laptop().start()
    said = _wait_for_welcome(product)
    assert f"http://localhost:{product.port}" in said
    assert re.search(r"^Password: \S{8,}$", said, re.MULTILINE)
    assert "olivia@" in said
    assert "Subject:" not in said, "letters to people of the demo"
    assert [path for path in (home / "env", home / "redis/redis.conf") if path.stat().st_mode & 0o077] == []
    secrets = [line.partition("=")[2] for line in (home / "env").read_text().splitlines()]
    secrets = [value for value in secrets if len(value) > 30]
    command_lines = [" ".join(process.cmdline()) for process in family(product)]
    assert [line for line in command_lines for secret in secrets if secret in line] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_every_way_of_stopping_leaves_no_process(laptop: Laptop, number: signal.Signals) -> None:
    with heard(number):
        product = laptop().start()
    processes = family(product)
    assert len(processes) >= len(PARTS)
    product.runner.send_signal(number)
    assert product.runner.wait(30) == 0
    assert [process for process in processes if process.is_running()] == []
    assert "Everything has stopped." in product.log("runner")


def test_killing_the_runner_leaves_no_orphan_and_the_next_start_is_well(laptop: Laptop) -> None:
    product = laptop().start()
    processes = family(product)
    product.runner.kill()
    product.runner.wait()
    _, alive = psutil.wait_procs(processes, timeout=10)
    assert alive == []
    laptop().start()


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_dies_is_started_again_and_all_is_well(laptop: Laptop, part: str) -> None:
    product = laptop().start()
    # Until then a part that ends is one that could not be started, and the runner says so and ends.
    _wait_for_welcome(product)
    before = product.pid(part)
    product.kill(part)
    product.wait_until_replaced(part, before)
    assert f"starting it again. (Log: {product.folder.log(part)})" in product.log("runner")


def test_second_start_is_quick(laptop: Laptop, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laptop().start().stop()
    (home / "log/runner.log").unlink()
    started = time.monotonic()
    product = laptop().start()
    took_s = time.monotonic() - started
    with capsys.disabled():
        print(f"\nsecond start: {took_s:.1f} s")
    # 3 s on an idle machine of two cores; the bound only catches work that is done again without need.
    assert took_s < 10
    assert "Preparing the database" not in product.log("runner")
    assert "Filling in" not in product.log("runner")
    assert "Password: " in _wait_for_welcome(product)


def test_second_runner_in_the_same_folder_says_where_the_first_is(laptop: Laptop, home: Path) -> None:
    product = laptop().start()
    said = expect_plain_refusal(run("--folder", str(home), "--port", str(free_port())))
    assert f"running from this folder already: http://localhost:{product.port}" in said
    assert f"kill {product.runner.pid}" in said


def test_taken_port_names_one_that_is_free(laptop: Laptop, tmp_path: Path) -> None:
    product = laptop().start()
    said = expect_plain_refusal(run("--folder", str(tmp_path), "--port", str(product.port)))
    assert f"Port {product.port} is taken" in said
    assert re.search(r"make run PORT=\d+$", said.strip())


def test_leftover_of_an_earlier_runner_is_ended_and_a_stranger_is_not(laptop: Laptop, home: Path) -> None:
    ours, stranger = (subprocess.Popen(["sleep", "60"], start_new_session=True) for _ in range(2))
    try:
        (home / "pids").mkdir(parents=True, exist_ok=True)
        (home / "pids/janus").write_text(identity(ours.pid))
        # The process that this file means ended long ago; another has its number now.
        (home / "pids/redis").write_text(identity(stranger.pid).replace(" ", " 1", 1))
        laptop().start()
        assert ours.wait(5) == -signal.SIGKILL
        assert stranger.poll() is None
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()


def test_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)
    # Root may write anywhere but where no folder can be.
    folder = "/proc/hopin" if os.geteuid() == 0 else str(shut)
    said = expect_plain_refusal(run("--folder", folder, "--port", str(free_port())))
    assert "cannot be written to" in said


def test_host_without_an_address_of_its_own(tmp_path: Path) -> None:
    alone = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets us make no network namespace")
    said = expect_plain_refusal(run("--folder", str(tmp_path), "--port", str(free_port()), before=alone))
    assert "no IPv4 address but loopback" in said


@pytest.mark.parametrize("port", ["web", "0", "70000"])
def test_port_that_is_none(tmp_path: Path, port: str) -> None:
    assert "is no port" in expect_plain_refusal(run("--folder", str(tmp_path), "--port", port))


def _wait_for_welcome(product: Product) -> str:
    """Health is green a moment before the runner says so."""
    deadline = time.monotonic() + 10
    while "Ctrl-C stops everything" not in product.log("runner"):
        assert time.monotonic() < deadline, product.log("runner")
        time.sleep(0.05)
    return product.log("runner")
