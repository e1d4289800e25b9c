"""What the product consists of on one machine: each part as the command line a cluster would run, too."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hopin_backstage.run.environment import RunEnvironment
from hopin_backstage.run.errors import CannotRun
from janus.configuration import JanusServerConfig, own_address, render
from janus.errors import JanusServerError

PROJECT = Path(__file__).resolve().parents[2]
#: Seconds that the web server leaves a consumer to say good-bye to its Backstage once the browser is gone.
CLOSE_TIMEOUT_S = 5


@dataclass(frozen=True)
class Part:
    name: str
    title: str
    command: tuple[str, ...]
    #: Where it listens once it is ready; None: nowhere.
    port: int | None = None
    #: Run before each start, so a part that starts again finds its folder as it should be.
    prepare: Callable[[], None] = field(default=lambda: None, repr=False)
    #: Seconds to end by itself when asked to.
    grace_s: float = 5.0

    async def wait_until_ready(self) -> None:
        while self.port is not None and not await _accepts(self.port):  # noqa: ASYNC110  another process's port
            await asyncio.sleep(0.05)


def redis_part(environment: RunEnvironment) -> Part:
    """Presence and notices only, nothing that must outlive it: so nothing is written to disk."""
    folder = environment.folder.redis
    configuration = folder / "redis.conf"

    def prepare() -> None:
        # In a file, since everybody on the machine may read the command line of a process.
        configuration.touch(mode=0o600)
        configuration.write_text(
            f"bind 127.0.0.1\nport {environment.port('REDIS_PORT')}\n"
            f"requirepass {environment.values['REDIS_PASSWORD']}\n"
            f'dir {folder}\nsave ""\nappendonly no\ndaemonize no\n'
        )

    program = _program("redis-server", package="redis-server")
    return Part(
        name="redis",
        title="Redis",
        command=(program, str(configuration)),
        port=environment.port("REDIS_PORT"),
        prepare=prepare,
    )


def janus_part(environment: RunEnvironment) -> Part:
    folder = environment.folder.janus
    port = environment.port("JANUS_PORT")

    def prepare() -> None:
        try:
            render(
                JanusServerConfig(
                    address=own_address(),
                    ws_port=port,
                    api_secret=environment.values["JANUS_API_SECRET"],
                    admin_secret=environment.values["JANUS_ADMIN_SECRET"],
                    admin_key=environment.values["JANUS_ADMIN_KEY"],
                ),
                folder,
            )
        except JanusServerError as error:
            raise CannotRun(str(error)) from error

    program = _program("janus", package="janus")
    return Part(
        name="janus",
        title="Janus",
        command=(program, "-F", str(folder)),
        port=port,
        prepare=prepare,
        grace_s=8.0,
    )


def stagehand_part() -> Part:
    return Part(
        name="stagehand",
        title="The stagehand",
        command=(sys.executable, "manage.py", "stagehand"),
        grace_s=8.0,
    )


def webhooks_part() -> Part:
    return Part(
        name="webhooks",
        title="The sender of webhooks",
        command=(sys.executable, "manage.py", "webhooks"),
    )


def web_part(port: int) -> Part:
    command = (
        *(sys.executable, "-m", "hopin_backstage.run.web"),
        *("--bind", "127.0.0.1", "--port", str(port), "--no-server-name", "--verbosity", "0"),
        *("--application-close-timeout", str(CLOSE_TIMEOUT_S)),
        "hopin_backstage.asgi:application",
    )
    return Part(name="web", title="The web server", command=command, port=port, grace_s=CLOSE_TIMEOUT_S + 3.0)


def _program(name: str, *, package: str) -> str:
    found = shutil.which(name, path="/usr/local/bin:/usr/bin:/usr/local/sbin:/usr/sbin:/bin:/sbin")
    if found is None:
        raise CannotRun(
            f"The program {name} is missing. Type: sudo apt-get install {package}   and then again: make run"
        )
    return found


async def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    return False
