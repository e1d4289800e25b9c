"""Our fan-out beside others, 500 sockets in one process each, the same client for all, one after the other in one run.

    python -m tests.load.bench_fanout WSLOAD [NODE_MODULES] [ROUNDS] [ONLY] [RATE]

WSLOAD: the client (gorilla/websocket, built by hand); it sends `{"type":"chat","text":"@t=…"}` from ten of its
sockets: first RATE messages a second (10 if not given), for the latency of each delivery, then as many as keep 8 in
flight, 15 s each.
NODE_MODULES: a folder in which `npm install ws socket.io` was done; without it those two are left out. ROUNDS: each
server so often. ONLY: names of servers, separated by |.

Prints figures, asserts nothing. "ours" goes all the way: accounts by session, a consumer, a thread, Redis, and back;
"ours, stored" makes each message a transaction of the database besides; "our chat" is the product's own (chat_for_all),
with its rules, its rows and its consumer, and 500 people. Lost are messages, of those for the latency,
that not all have got a second after the last was sent. A row says something where server and client together had most
of the machine: see the processor columns, in per cent of one core.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import free_port
from hopin_backstage.run.process import tethered
from tests.servers.redis import wait_for_port
from tests.servers.webs import Webs

CLIENTS, SECONDS, ROUNDS, RATE = 500, 15, 3, 10
NODE = {
    "Node ws": """
const { WebSocketServer } = require("ws");
const server = new WebSocketServer({ port: +process.argv[2], host: "127.0.0.1" });
server.on("connection", (socket) => socket.on("message", (data) => {
  const text = data.toString();
  for (const each of server.clients) each.send(text);
}));
""",
    "socket.io": """
const { Server } = require("socket.io");
const server = new Server({ transports: ["websocket"] });
server.on("connection", (socket) => socket.on("chat", (message) => server.emit("chat", message)));
server.listen(+process.argv[2]);
""",
}


@contextmanager
def ours(
    path: str, application: str = "tests.servers.room:application", *, postgres: bool = False
) -> Iterator[tuple[str, list[int]]]:
    with Webs(1, people=CLIENTS // 10 + 10, application=application, postgres=postgres) as webs:
        yield f"127.0.0.1:{webs.ports[0]}{path}", [webs.pid(), webs.redis.pid]


@contextmanager
def chat(*, postgres: bool = False) -> Iterator[tuple[str, list[int]]]:
    application = "tests.load.chat_for_all:application"
    with Webs(1, people=CLIENTS, application=application, postgres=postgres) as webs:
        slug = webs.django("from tests.load import chat_for_all; result = chat_for_all.seed()")
        yield f"127.0.0.1:{webs.ports[0]}/chat/{slug}/?", [webs.pid(), webs.redis.pid]


@contextmanager
def node(script: str, modules: Path) -> Iterator[tuple[str, list[int]]]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "server.cjs").write_text(script)
        process = subprocess.Popen(
            tethered([shutil.which("node") or "node", f"{folder}/server.cjs", str(port)]),
            env=os.environ | {"NODE_PATH": str(modules.absolute())},
        )
        try:
            wait_for_port(port, process, 20)
            yield f"127.0.0.1:{port}", [process.pid]
        finally:
            process.kill()
            process.wait()


def load(wsload: str, address: str, pids: list[int], dialect: str, rate: int) -> dict[str, Any]:
    done = subprocess.run(
        [
            *(
                wsload,
                "-addr",
                address,
                "-dialect",
                dialect,
                "-clients",
                str(CLIENTS),
                "-seconds",
                str(SECONDS),
                "-rate",
                str(rate),
            ),
            *("-pid", ",".join(map(str, pids))),
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-500:])
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main(wsload: str, modules: Path | None, rounds: int, only: set[str], rate: int) -> None:
    servers: dict[str, tuple[Any, str]] = {}
    if modules:
        servers["Node ws"] = (lambda: node(NODE["Node ws"], modules), "plain")
        servers["socket.io"] = (lambda: node(NODE["socket.io"], modules), "socketio")
    servers |= {
        "ours": (lambda: ours("/unstored/?"), "plain"),
        "ours, stored": (lambda: ours("/?"), "plain"),
        "ours, in PostgreSQL": (lambda: ours("/?", postgres=True), "plain"),
        "our chat": (chat, "plain"),
        "our chat, in PostgreSQL": (lambda: chat(postgres=True), "plain"),
        "stock Channels groups": (lambda: ours("/stock/?", "tests.load.others:application"), "plain"),
        "bare daphne": (lambda: ours("/bare/?", "tests.load.others:application"), "plain"),
    }
    servers = {name: server for name, server in servers.items() if not only or name in only}
    took: dict[str, list[dict[str, Any]]] = {name: [] for name in servers}
    print(
        f"{'median (best) so far':24} {'deliveries/s':>20} {'per CPU s of server':>20}"
        f" {'p50 / p99 ms':>14} {f'CPU at {rate}/s':>12} {'CPU full':>9} {'client':>7} {'MB':>4} {'lost':>5}"
    )
    for _ in range(rounds):
        for name, (server, dialect) in servers.items():
            with server() as (address, pids):
                took[name].append(load(wsload, address, pids, dialect, rate))
            # The last block is of all rounds; a run that is cut short has said something, too.
            print(_row(name, took[name]), flush=True)


def _row(name: str, figures: list[dict[str, Any]]) -> str:
    def middle(what: str) -> float:
        return median(each[what] for each in figures)

    full = [sum(each["cpu2"][:-1]) for each in figures]
    per_cpu = median(
        each["max_deliveries_per_s"] / max(1, busy) * 100 for each, busy in zip(figures, full, strict=True)
    )
    best = max(each["max_deliveries_per_s"] for each in figures)
    return (
        f"{name:24} {middle('max_deliveries_per_s'):9,.0f} ({best:8,d}) {per_cpu:20,.0f}"
        f" {middle('p50_ms'):6.1f} /{middle('p99_ms'):6.1f} {median(sum(each['cpu1'][:-1]) for each in figures):12.0f}"
        f" {median(full):9.0f} {median(each['cpu2'][-1] for each in figures):7.0f} {middle('rss_mb'):4.0f}"
        f" {sum(each['incomplete'] for each in figures):5d}"
    )


if __name__ == "__main__":
    main(
        sys.argv[1],
        Path(sys.argv[2]) if len(sys.argv) > 2 else None,
        int(sys.argv[3]) if len(sys.argv) > 3 else ROUNDS,
        {*filter(None, sys.argv[4].split("|"))} if len(sys.argv) > 4 else set(),
        int(sys.argv[5]) if len(sys.argv) > 5 else RATE,
    )
