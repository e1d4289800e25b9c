"""The two parts of janus-client that the adapter is built on, without the rest of it.

`import janus_client` runs the package's `__init__`, which brings in aiortc and PyAV (0.7 s and 48 MB in
every process) and, by its `media` module, `logging.basicConfig(level=INFO)`. Its WebSocket transport needs
none of that. So the submodules are imported while an empty module stands for the package. Afterwards the
empty one is taken away again: whoever wants the whole library, as our tests do, still gets it.
"""

import importlib
import importlib.util
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PACKAGE = "janus_client"


@contextmanager
def _hollow_package() -> "Iterator[None]":
    if _PACKAGE in sys.modules:
        yield
        return
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None:
        raise ImportError("janus-client is not installed.", name=_PACKAGE)
    sys.modules[_PACKAGE] = importlib.util.module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[_PACKAGE]


with _hollow_package():
    _transport = importlib.import_module(f"{_PACKAGE}.transport_websocket")
    _transaction = importlib.import_module(f"{_PACKAGE}.message_transaction")

if TYPE_CHECKING:
    from janus_client.message_transaction import MessageTransaction
    from janus_client.transport_websocket import JanusTransportWebsocket
else:
    MessageTransaction = _transaction.MessageTransaction
    JanusTransportWebsocket = _transport.JanusTransportWebsocket

__all__ = ["JanusTransportWebsocket", "MessageTransaction"]
