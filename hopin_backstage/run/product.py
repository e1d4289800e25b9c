"""The whole product on this machine: prepared, started, watched, stopped."""

import asyncio
import sys
from collections.abc import Sequence

from hopin_backstage.run.environment import RunEnvironment
from hopin_backstage.run.errors import CannotRun
from hopin_backstage.run.health import wait_until_healthy
from hopin_backstage.run.install import stamp
from hopin_backstage.run.parts import (
    PROJECT,
    Part,
    janus_part,
    redis_part,
    stagehand_part,
    web_part,
    webhooks_part,
)
from hopin_backstage.run.process import end_leftover
from hopin_backstage.run.supervisor import Supervisor
from hopin_backstage.run.voice import say


class Product:
    def __init__(self, environment: RunEnvironment, port: int) -> None:
        self._environment = environment
        self._folder = environment.folder
        self._port = port
        self._supervisor = Supervisor(environment)

    async def start(self) -> None:
        """Side effects: migrates, fills the demo once, leaves everything running. Raises CannotRun."""
        self._end_leftovers()
        below: Sequence[Part] = (redis_part(self._environment), janus_part(self._environment))
        say("Starting Redis and Janus …")
        # The database needs none of them, so a second start waits for the slower of the two only.
        await _all(self._migrate(), self._supervisor.start(below))
        await self._fill()
        say("Starting the stagehand, the webhooks and the web server …")
        await self._supervisor.start((stagehand_part(), webhooks_part(), web_part(self._port)))
        await self._expect_health()

    async def stop(self) -> None:
        await self._supervisor.stop()

    def demo_accounts(self) -> str:
        """Who can sign in, as the demo command said when it made them; "" without demo data."""
        return self._folder.demo.read_text().strip() if self._folder.demo.exists() else ""

    def _end_leftovers(self) -> None:
        for pid_file in sorted((self._folder.path / "pids").iterdir()):
            if end_leftover(pid_file):
                say(f"Ended {pid_file.name}, which an earlier run had left behind.")

    async def _migrate(self) -> None:
        # Asking Django takes seconds, so the files are asked; not about a database that others use, too.
        wanted = stamp.digest(PROJECT / "requirements.lock", *sorted(PROJECT.glob("*/migrations/*.py")))
        own = self._folder.database.exists() and "DATABASE_URL" not in self._environment.for_children()
        if not own or not stamp.is_current(self._folder.migrated, wanted):
            say("Preparing the database …")
            await manage(self._environment, "migrate", "--no-input")
            stamp.write(self._folder.migrated, wanted)

    async def _fill(self) -> None:
        if not self._environment.debug:
            # Pages are served with hashed names then, from the folder that this fills.
            await manage(self._environment, "collectstatic", "--no-input")
        elif not self._folder.demo.exists():
            say("Filling in the demo event …")
            await fill_demo(self._environment)

    async def _expect_health(self) -> None:
        ill = await wait_until_healthy(self._port)
        if ill:
            reasons = ", ".join(f"{part}: {reason}" for part, reason in sorted(ill.items()))
            raise CannotRun(
                f"The product does not become healthy ({reasons}). What each part said stands in "
                f"{self._folder.path / 'log'}"
            )


async def fill_demo(environment: RunEnvironment, *options: str) -> str:
    """Makes the demo data and keeps what the command said: who can sign in, and with which password."""
    # Nobody in it has a mailbox, and letters on the console would stand between the accounts.
    said = await manage(
        environment, "demo", *options, EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"
    )
    environment.folder.demo.touch(mode=0o600)
    environment.folder.demo.write_text(said)
    return said


async def manage(environment: RunEnvironment, *arguments: str, **more: str) -> str:
    """One of Django's commands in the product's environment, and `more` of it; what it said. Raises CannotRun."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "manage.py", *arguments),
        env={**environment.for_children(), **more},
        cwd=PROJECT,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said, complained = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    if process.returncode:
        log = environment.folder.log(arguments[0])
        log.touch(mode=0o600)
        log.write_bytes(said + complained)
        last = complained.decode(errors="replace").strip().rpartition("\n")[2]
        raise CannotRun(f"manage.py {arguments[0]} failed: {last}  (More in {log})")
    return said.decode()


async def _all(*coroutines: object) -> None:
    """All at once; the first that fails ends the others and is raised as it is."""
    try:
        async with asyncio.TaskGroup() as group:
            for coroutine in coroutines:
                group.create_task(coroutine)  # type: ignore[arg-type]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
