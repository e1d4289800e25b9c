"""Configuration and the Janus process."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from janus.configuration import JanusServerConfig, own_address, render
from janus.errors import JanusDidNotStart, JanusNotInstalled
from janus.server import JanusServer
from tests.servers.janus import running_janus

pytestmark = pytest.mark.janus


def test_the_folder_is_private_and_complete(tmp_path: Path) -> None:
    folder = tmp_path / "janus"
    render(JanusServerConfig(address="192.0.2.7", ws_port=8188, event_loops=3), folder)
    files = {path.name: path for path in folder.iterdir()}
    assert set(files) == {
        "janus.jcfg",
        "janus.transport.websockets.jcfg",
        "janus.plugin.videoroom.jcfg",
        "janus.plugin.streaming.jcfg",
        "janus.eventhandler.wsevh.jcfg",
    }
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}
    assert not any("$" in path.read_text() for path in files.values())
    core = files["janus.jcfg"].read_text()
    assert 'ice_enforce_list = "192.0.2.7"' in core
    assert "event_loops = 3" in core
    assert "libjanus_echotest.so" in core
    assert "libjanus_http.so" in core
    for kept in ("libjanus_videoroom.so", "libjanus_streaming.so", "libjanus_websockets.so"):
        assert kept not in core
    assert "libjanus_wsevh.so" in core
    assert "enabled = false" in files["janus.eventhandler.wsevh.jcfg"].read_text()


def test_the_event_handler_is_on_when_it_has_a_port(tmp_path: Path) -> None:
    render(
        JanusServerConfig(address="192.0.2.7", event_handler_port=9999, public_address="198.51.100.9"),
        tmp_path,
    )
    core = (tmp_path / "janus.jcfg").read_text()
    assert "libjanus_wsevh.so" not in core
    assert "broadcast = true" in core
    assert 'nat_1_1_mapping = "198.51.100.9"' in core
    assert 'backend = "ws://127.0.0.1:9999"' in (tmp_path / "janus.eventhandler.wsevh.jcfg").read_text()


@pytest.mark.parametrize("secret", ['a"b', "a\nb", "a\\b", "a;b", "a b"])
def test_a_secret_that_could_break_out_of_its_quotes_is_refused(secret: str) -> None:
    with pytest.raises(ValueError, match="api_secret"):
        JanusServerConfig(address="192.0.2.7", api_secret=secret)


def test_secrets_are_new_each_time_and_not_shown() -> None:
    one, two = JanusServerConfig(address="192.0.2.7"), JanusServerConfig(address="192.0.2.7")
    assert len({one.api_secret, one.admin_secret, one.admin_key, two.api_secret}) == 4
    assert one.api_secret not in repr(one)


def test_the_own_address_is_not_loopback() -> None:
    address = own_address()
    assert not address.startswith("127.")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ours:
        ours.bind((address, 0))


@pytest.mark.skipif(shutil.which("unshare") is None, reason="needs util-linux")
@pytest.mark.parametrize(
    ("set_up", "said"),
    [
        ("ip link set lo up", "no IPv4 address but loopback"),
        ("ip link add v0 type veth peer name v1 && ip addr add 192.0.2.77/24 dev v0", "192.0.2.77"),
    ],
)
def test_the_own_address_where_there_is_no_network(set_up: str, said: str) -> None:
    program = (
        "from janus.configuration import own_address\n"
        "from janus.errors import NoOwnAddress\n"
        "try: print(own_address())\n"
        "except NoOwnAddress as error: print(error)\n"
    )
    inside = ["unshare", "-rn", "sh", "-c", f'{set_up} && exec "$0" -c "$1"', sys.executable, program]
    done = subprocess.run(inside, capture_output=True, text=True, timeout=20, check=False)
    if "unshare failed" in done.stderr or "Operation not permitted" in done.stderr:
        pytest.skip("may not make a network namespace here")
    assert said in done.stdout, done.stderr


def test_it_starts_stops_and_starts_again(tmp_path: Path) -> None:
    with running_janus(tmp_path) as server:
        first = server.pid
        assert first is not None
        server.start()
        assert server.pid == first
        server.stop()
        server.stop()
        assert server.pid is None
        with pytest.raises(ProcessLookupError):
            os.kill(first, 0)
        server.start()
        assert server.pid not in (None, first)
        assert "Janus" in (tmp_path / "janus.log").read_text()


def test_a_taken_port_is_told_with_the_log(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        config = JanusServerConfig(address=own_address(), ws_port=taken.getsockname()[1])
        server = JanusServer(config, tmp_path)
        with pytest.raises(JanusDidNotStart, match="Its log"):
            server.start(deadline_s=3)
        assert server.pid is None


def test_a_missing_program_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(JanusNotInstalled, match="apt install janus"):
        JanusServer(JanusServerConfig(address="192.0.2.7"), tmp_path).start()
