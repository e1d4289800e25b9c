import os
import subprocess
import time
from pathlib import Path

from hopin_backstage.run.process import end_leftover, identity, tethered


def test_identity_is_the_same_for_life_and_nobodys_afterwards() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        alive = identity(process.pid)
        assert alive == identity(process.pid)
        assert alive != identity(os.getpid())
        process.kill()
    assert identity(process.pid) == ""


def test_a_strangers_process_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "janus"
    kept.write_text(f"{os.getpid()} 1 some-other-boot")
    assert not end_leftover(kept)
    assert not kept.exists()


def test_empty_file_of_a_runner_that_died_while_writing(tmp_path: Path) -> None:
    kept = tmp_path / "janus"
    kept.touch()
    assert not end_leftover(kept)


def test_kernel_ends_the_child_with_its_parent() -> None:
    nested = ["sh", "-c", '"$@" & echo $!; sleep 0.5; kill -9 $$', "sh", *tethered(["sleep", "60"])]
    said = subprocess.run(nested, capture_output=True, text=True, timeout=10, check=False).stdout
    deadline = time.monotonic() + 10
    while identity(int(said)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert identity(int(said)) == ""
