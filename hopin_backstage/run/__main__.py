"""`python -m hopin_backstage.run`: what `make run` and `make demo-reset` call."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from pathlib import Path

from hopin_backstage.run.environment import RunEnvironment
from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.folder import RunFolder, RunLock
from hopin_backstage.run.parts import PROJECT
from hopin_backstage.run.ports import is_free, next_free_port
from hopin_backstage.run.product import Product, fill_demo
from hopin_backstage.run.voice import complain, say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    options = _parser().parse_args(arguments)
    folder = RunFolder(Path(options.folder).resolve())
    # Whatever the parts and the runner write is this person's alone.
    os.umask(0o077)
    try:
        folder.create()
        if options.command == "demo-reset":
            say(asyncio.run(fill_demo(RunEnvironment.load(folder), "--reset")).strip())
        else:
            _run(folder, port_number(options.port))
    except CannotRun as error:
        complain(str(error))
        return 1
    return 0


def port_number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise CannotRun(
            f"PORT={text} is no port. Take a number from 1024 to 65535, for example: make run PORT=8001"
        )
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("command", nargs="?", default="run", choices=["run", "demo-reset"])
    parser.add_argument("--folder", default=str(PROJECT / ".run"), help="where everything is kept")
    parser.add_argument("--port", default="8000", help="where the web server listens, on 127.0.0.1")
    return parser


def _run(folder: RunFolder, port: int) -> None:
    started = time.monotonic()
    address = f"http://localhost:{port}"
    lock = RunLock(folder)
    lock.take(address)
    _expect_free(port)
    environment = RunEnvironment.load(folder).with_free_ports()
    asyncio.run(_run_until_stopped(Product(environment, port), folder, address, started))


def _expect_free(port: int) -> None:
    try:
        free = is_free(port)
    except PermissionError:
        raise CannotRun(f"You may not use port {port}. Choose another: make run PORT=8000") from None
    if not free:
        raise CannotRun(
            f"Port {port} is taken by another program. Choose another: make run PORT={next_free_port(port)}"
        )


async def _run_until_stopped(product: Product, folder: RunFolder, address: str, started: float) -> None:
    stopping = _on_stop_signals()
    work = asyncio.create_task(product.start())
    stop = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
            _welcome(product, folder, address, time.monotonic() - started)
            await stop
    finally:
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError, CannotRun):
            await work
        say("Stopping …")
        await product.stop()
    say("Everything has stopped.")


def _on_stop_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        # nohup and `&` in a script have it ignored; then it is not for us.
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stopping.set)
    return stopping


def _welcome(product: Product, folder: RunFolder, address: str, took_s: float) -> None:
    say()
    say(f"Hopin Backstage is running:  {address}   (started in {took_s:.1f} s)")
    if accounts := product.demo_accounts():
        say()
        say(accounts)
    say()
    say(f"Ctrl-C stops everything. Logs, and the e-mails it would send: {folder.path / 'log'}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
