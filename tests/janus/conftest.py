import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack

import pytest

from janus.connection import JanusConnection
from janus.server import JanusServer
from janus.session import JanusSession
from janus.videoroom import RoomConfig, create_room
from tests.janus.cast import Cast
from tests.servers.janus import running_janus

_numbers = itertools.count(1001)


@pytest.fixture(scope="session")
def janus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JanusServer]:
    with running_janus(tmp_path_factory.mktemp("janus")) as server:
        yield server


@pytest.fixture
def connect(janus: JanusServer) -> Callable[..., JanusConnection]:
    """Makes a connection to the tests' Janus, not started."""

    def make(url: str = "", **options: float) -> JanusConnection:
        return JanusConnection(
            url or janus.url, janus.config.api_secret, admin_key=janus.config.admin_key, **options
        )

    return make


@pytest.fixture
async def connection(connect: Callable[..., JanusConnection]) -> AsyncIterator[JanusConnection]:
    async with connect() as linked:
        await linked.wait_connected(5)
        yield linked


@pytest.fixture
async def session(connection: JanusConnection) -> AsyncIterator[JanusSession]:
    made = await connection.create_session()
    yield made
    await made.destroy()


@pytest.fixture
def number() -> int:
    """For a room or mountpoint that no other test has."""
    return next(_numbers)


@pytest.fixture
async def cast(session: JanusSession, number: int) -> AsyncIterator[Cast]:
    """A room without regular keyframes, and the means to fill it."""
    async with AsyncExitStack() as stack:
        people = Cast(session, RoomConfig(room=number, secret="room-secret", fir_freq=0), stack)
        await create_room(await people.handle(), people.config)
        yield people


@pytest.fixture
async def janus_without_key(janus: JanusServer) -> AsyncIterator[JanusConnection]:
    """A connection that does not know the admin key."""
    async with JanusConnection(janus.url, janus.config.api_secret) as linked:
        await linked.wait_connected(5)
        yield linked
