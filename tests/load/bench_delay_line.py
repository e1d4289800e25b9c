"""The delay line against a GStreamer pipeline that does the same work, on 127.0.0.1, in under three minutes.

    python tests/load/bench_delay_line.py            both, at rising rates, until 1 % is lost
    python tests/load/bench_delay_line.py --quick    one rate, the delay line only

Both get ten inputs and ten outputs, packets of 1100 bytes and receive buffers of 4 MiB. Generator and
receiver are one C program (`udp_load.c`) that is compiled here; a row without anything in between shows how
much of the machine it needs itself. CPU is measured in the steady state, while packets both come in and go
out. GStreamer gives back what it holds only while more comes in, so what was sent last is not counted.
"""

import argparse
import asyncio
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

PACKET_BYTES = 1100
RATES_PER_S = (5_000, 10_000, 20_000, 30_000, 40_000, 50_000, 60_000, 80_000, 100_000, 130_000)
# How often the generator sends what is owed: video comes in bursts of packets, a frame at a time.
TICK_US = 1_000
MEASURED_S = 3.0
SHORT_DELAY_S, LONG_DELAY_S = 2.0, 12.0
LONG_DELAY_RATE_PER_S = 30_000
LOSS_LIMIT_PERCENT = 1.0
WHOLE_RUN_S = 175.0
RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
APT_LINE = "apt-get install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good"


@dataclass(frozen=True)
class Subject:
    """A process under test, the ports it receives on, and how to end it."""

    process: psutil.Process | None
    input_ports: list[int]


Start = Callable[[float, list[int]], "Iterator[Subject]"]


# What is measured


@contextmanager
def delay_line(delay_s: float, output_ports: list[int]) -> Iterator[Subject]:
    """Our own, in a child process of this file."""
    command = [sys.executable, __file__, "--child", str(delay_s), *map(str, output_ports)]
    with _child(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        yield Subject(psutil.Process(child.pid), json.loads(child.stdout.readline()))


@contextmanager
def gstreamer(delay_s: float, output_ports: list[int]) -> Iterator[Subject]:
    """Ten times udpsrc ! queue ! udpsink in one gst-launch."""
    input_ports = _free_ports(len(output_ports))
    command = ["gst-launch-1.0", "-q"]
    for port_in, port_out in zip(input_ports, output_ports, strict=True):
        command += [
            "udpsrc",
            "address=127.0.0.1",
            f"port={port_in}",
            f"buffer-size={RECEIVE_BUFFER_BYTES}",
            "!",
        ]
        command += ["queue", f"min-threshold-time={int(delay_s * 1e9)}"]
        command += ["max-size-buffers=0", "max-size-bytes=0", "max-size-time=0", "!"]
        command += ["udpsink", "host=127.0.0.1", f"port={port_out}", "sync=false", "async=false"]
    with _child(command, stdout=subprocess.DEVNULL) as child:
        _wait_until_bound(input_ports)
        yield Subject(psutil.Process(child.pid), input_ports)


@contextmanager
def nothing(_delay_s: float, output_ports: list[int]) -> Iterator[Subject]:
    """The generator straight into the receiver."""
    yield Subject(None, output_ports)


@contextmanager
def _child(command: list[str], **pipes: int) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(command, **pipes) as child:  # type: ignore[call-overload]
        try:
            yield child
        finally:
            child.terminate()


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _wait_until_bound(ports: list[int], deadline_s: float = 5.0) -> None:
    end_s = time.monotonic() + deadline_s
    while not set(ports) <= set(_kernel_drops()):
        if time.monotonic() > end_s:
            raise TimeoutError("the pipeline did not open its ports")
        time.sleep(0.02)


def _kernel_drops() -> dict[int, int]:
    """Packets dropped for want of receive buffer, by local port."""
    rows = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return {int(row[1].split(":")[1], 16): int(row[-1]) for row in rows}


# One measurement


@dataclass(frozen=True)
class Figures:
    """What one rate showed. Rates in packets per second, CPU in percent of one core."""

    name: str
    delay_s: float
    rate_per_s: int
    sent_per_s: float
    loss_percent: float
    cpu_percent: float
    p50_ms: float
    p99_ms: float
    max_ms: float
    memory_mb: float
    load_cpu_percent: float
    dropped_at_input: int
    dropped_at_receiver: int

    @property
    def limit(self) -> str:
        """What else than the subject set the limit; empty if nothing did."""
        if self.sent_per_s < 0.97 * self.rate_per_s:
            return f"  (only {self.sent_per_s:,.0f}/s were sent: no core was left for the generator)"
        if self.dropped_at_receiver:
            return f"  ({self.dropped_at_receiver:,} came out and were lost by the receiver)"
        return ""

    @property
    def held(self) -> bool:
        """Whether the rate was really sent, and really came out."""
        return self.loss_percent < LOSS_LIMIT_PERCENT and not self.limit

    def row(self) -> str:
        """One line of the table."""
        return (
            f"{self.name:<11}{self.delay_s:>6.0f} s{self.rate_per_s:>9,}{self.loss_percent:>9.2f}"
            f"{self.cpu_percent:>7.0f}{self.p50_ms:>9.2f}{self.p99_ms:>9.2f}{self.max_ms:>9.1f}"
            f"{self.memory_mb:>9.0f}{self.load_cpu_percent:>10.0f}{self.dropped_at_input:>10,}"
            f"{self.limit}"
        )


HEADING = (
    "            delay  packets/s   loss %  CPU %   p50 ms   p99 ms   max ms      MB  load CPU % in-drops\n"
    + "-" * 101
)


def measure(
    load_program: str, name: str, start: Start, delay_s: float, rate_per_s: int, tick_us: int
) -> Figures:
    """Run one subject at one rate and say what came of it."""
    send_s = delay_s + MEASURED_S + 0.5
    with _child([load_program, str(PACKET_BYTES)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as load:
        assert load.stdin is not None
        assert load.stdout is not None
        output_ports = [int(port) for port in load.stdout.readline().split()]
        with start(delay_s, output_ports) as subject:
            order = [rate_per_s, tick_us, send_s, MEASURED_S, delay_s, *subject.input_ports]
            load.stdin.write((" ".join(map(str, order)) + "\n").encode())
            load.stdin.flush()
            time.sleep(delay_s + 0.3)
            cpu_percent = _cpu_percent_over(subject.process, MEASURED_S)
            memory_mb = subject.process.memory_info().rss / 1e6 if subject.process else 0.0
            seen = json.loads(load.stdout.readline())
            drops = _kernel_drops()
    return Figures(
        name=name,
        delay_s=delay_s,
        rate_per_s=rate_per_s,
        sent_per_s=seen["sent_per_s"],
        loss_percent=100 * (1 - seen["received"] / seen["counted"]),
        cpu_percent=cpu_percent,
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        max_ms=seen["max_ms"],
        memory_mb=memory_mb,
        load_cpu_percent=seen["cpu_percent"],
        dropped_at_input=sum(drops.get(port, 0) for port in subject.input_ports),
        dropped_at_receiver=sum(drops.get(port, 0) for port in output_ports),
    )


def _cpu_percent_over(process: psutil.Process | None, seconds: float) -> float:
    if process is None:
        time.sleep(seconds)
        return 0.0
    before, began_s = process.cpu_times(), time.monotonic()
    time.sleep(seconds)
    after, took_s = process.cpu_times(), time.monotonic() - began_s
    return 100 * (after.user + after.system - before.user - before.system) / took_s


# The whole


def highest_rate(load_program: str, name: str, start: Start, tick_us: int, end_s: float) -> Figures | None:
    """Step up until a rate is not held twice running; the best step before that, None if there is none."""
    best = None
    for rate_per_s in RATES_PER_S:
        for _attempt in range(2):
            if time.monotonic() + SHORT_DELAY_S + MEASURED_S + 2 > end_s:
                print(f"{name}: out of time before {rate_per_s:,} packets/s")
                return best
            figures = measure(load_program, name, start, SHORT_DELAY_S, rate_per_s, tick_us)
            print(figures.row(), flush=True)
            if figures.held:
                break
        else:
            return best
        best = figures
    return best


def compile_load() -> str:
    """Build udp_load.c into a temporary folder; the path of the program."""
    if shutil.which("gcc") is None:
        sys.exit("gcc is missing: apt-get install gcc libc6-dev")
    program = str(Path(tempfile.mkdtemp(prefix="udp_load.")) / "udp_load")
    subprocess.run(["gcc", "-O2", "-pthread", "-o", program, str(HERE / "udp_load.c")], check=True)
    return program


def run(tick_us: int, *, quick: bool) -> None:
    """Print the table."""
    began_s = time.monotonic()
    load_program = compile_load()
    print(
        f"{PACKET_BYTES}-byte packets, sent every {tick_us} µs, ten inputs; CPU in % of one core\n{HEADING}"
    )
    try:
        if quick:
            print(measure(load_program, "delay line", delay_line, SHORT_DELAY_S, 30_000, tick_us).row())
            return
        subjects: list[tuple[str, Start]] = [("delay line", delay_line)]
        if shutil.which("gst-launch-1.0"):
            subjects.append(("GStreamer", gstreamer))
        else:
            print(f"GStreamer is missing, so there is nothing to compare with: {APT_LINE}")
        print(measure(load_program, "(nothing)", nothing, 0.0, RATES_PER_S[-1], tick_us).row(), flush=True)
        for name, start in subjects:
            print(
                measure(load_program, name, start, LONG_DELAY_S, LONG_DELAY_RATE_PER_S, tick_us).row(),
                flush=True,
            )
        for index, (name, start) in enumerate(subjects):
            share_s = (began_s + WHOLE_RUN_S - time.monotonic()) / (len(subjects) - index)
            best = highest_rate(load_program, name, start, tick_us, time.monotonic() + share_s)
            print(f"{name}: {f'{best.rate_per_s:,} packets/s' if best else 'no rate'} with under 1 % lost")
    finally:
        shutil.rmtree(Path(load_program).parent)
    print(f"took {time.monotonic() - began_s:.0f} s")


# The child


async def hold(delay_s: float, output_ports: list[int]) -> None:
    """Be the delay line until terminated."""
    from janus.delay_line import DelayLine

    line = DelayLine(delay_s, max_packets=10_000_000, max_bytes=8_000_000_000, on_layout=lambda _layout: None)
    inputs = await line.open()
    line.connect({mid: ("127.0.0.1", port) for mid, port in zip(inputs, output_ports, strict=True)})
    print(json.dumps(list(inputs.values())), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tick-us", type=int, default=TICK_US, help="the generator's pause between bursts")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        asyncio.run(hold(float(arguments.child[0]), [int(port) for port in arguments.child[1:]]))
    else:
        run(arguments.tick_us, quick=arguments.quick)


if __name__ == "__main__":
    main()
