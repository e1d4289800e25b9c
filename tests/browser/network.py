"""A network between one person and the product that can vanish without a word: nothing passes, nothing is closed."""

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

PIECE = 65_536


class Network:
    """While it is `gone`, bytes and farewells wait on both sides, as TCP would send them again once it is `back`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._there = threading.Event()
        self._there.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()

    @property
    def url(self) -> str:
        return f"http://localhost:{self._listener.getsockname()[1]}"

    def vanish(self) -> None:
        self._there.clear()

    def come_back(self) -> None:
        self._there.set()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._there.set()
        self._listener.close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            try:
                browser, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(browser,), daemon=True).start()

    def _carry(self, browser: socket.socket) -> None:
        self._there.wait()
        with browser, socket.create_connection(("127.0.0.1", self._port)) as server:
            self._open |= {browser, server}
            with selectors.DefaultSelector() as ready, suppress(OSError):
                ready.register(browser, selectors.EVENT_READ, server)
                ready.register(server, selectors.EVENT_READ, browser)
                while self._pass_on(ready):
                    pass
            self._open -= {browser, server}

    def _pass_on(self, ready: selectors.BaseSelector) -> bool:
        for key, _events in ready.select():
            self._there.wait()
            source, to = key.fileobj, key.data
            assert isinstance(source, socket.socket)
            piece = source.recv(PIECE)
            # What was read while the network went waits, too.
            self._there.wait()
            if not piece:
                return False
            to.sendall(piece)
        return True
