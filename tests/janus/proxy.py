"""A TCP proxy before Janus that can hold answers back and cut the line."""

import asyncio
from typing import Self


class Proxy:
    """`held`: what Janus says is kept. `cut`: all lines end at once, and new ones are refused until `mend`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._whole = True
        self.asked = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()

    @property
    def url(self) -> str:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return f"ws://127.0.0.1:{port}"

    def hold(self) -> None:
        self._flowing.clear()
        self.asked.clear()

    def cut(self) -> None:
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()
        self._flowing.set()

    def mend(self) -> None:
        self._whole = True

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        janus_reader, janus_writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, janus_writer}
        await asyncio.gather(
            self._pass(reader, janus_writer, outward=True), self._pass(janus_reader, writer, outward=False)
        )

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, *, outward: bool) -> None:
        try:
            while piece := await source.read(65536):
                if outward:
                    self.asked.set()
                else:
                    await self._flowing.wait()
                to.write(piece)
        except ConnectionError:
            pass
        finally:
            to.transport.abort()
