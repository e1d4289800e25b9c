"""A delay line, and stand-ins for the mountpoint's port and for rtp_forward, all on real loopback sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.unit.janus.delay_line.stage import DEADLINE_S, Stage


class MountpointPort:
    """Receives what the delay line sends."""

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(("127.0.0.1", port))
        self.address: tuple[str, int] = self._socket.getsockname()

    async def next(self) -> bytes:
        async with asyncio.timeout(DEADLINE_S):
            return await asyncio.get_running_loop().sock_recv(self._socket, 4096)

    async def take(self, count: int) -> list[bytes]:
        return [await self.next() for _ in range(count)]

    def close(self) -> None:
        self._socket.close()


class Forwarder:
    """Sends to the delay line. On loopback a datagram has arrived when `send` returns."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def send(self, port: int, *packets: bytes) -> None:
        for packet in packets:
            self._socket.sendto(packet, ("127.0.0.1", port))

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def cleanup() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def open_mountpoint(cleanup: ExitStack) -> Callable[[int], MountpointPort]:
    def open_on(port: int) -> MountpointPort:
        mountpoint = MountpointPort(port)
        cleanup.callback(mountpoint.close)
        return mountpoint

    return open_on


@pytest.fixture
def mountpoint(open_mountpoint: Callable[[int], MountpointPort]) -> MountpointPort:
    return open_mountpoint(0)


@pytest.fixture
def other_mountpoint(open_mountpoint: Callable[[int], MountpointPort]) -> MountpointPort:
    return open_mountpoint(0)


@pytest.fixture
def forwarder(cleanup: ExitStack) -> Forwarder:
    sender = Forwarder()
    cleanup.callback(sender.close)
    return sender


@pytest.fixture
def dead_port() -> int:
    """A port nobody listens on."""
    unlucky = MountpointPort()
    unlucky.close()
    return unlucky.address[1]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    stage = Stage()
    await stage.open()
    yield stage
    await stage.line.close()


@pytest.fixture
async def small_stage() -> AsyncIterator[Stage]:
    stage = Stage(max_packets=5)
    await stage.open()
    yield stage
    await stage.line.close()
