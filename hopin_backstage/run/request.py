"""A request whose body has a bound. Daphne itself has none: it would hold in memory whatever somebody sends."""

import time
from typing import Any

from daphne.http_protocol import WebRequest

from hopin_backstage.run import too_large

#: Bytes. More than a form with a photo of a telephone, which is then told in the form that 2 MB are enough.
LONGEST_BODY = 8 * 2**20
#: Bytes that are read and forgotten, so that a browser, which reads only once it has sent all, gets the answer.
MOST_FORGOTTEN = 8 * LONGEST_BODY


class BoundedRequest(WebRequest):
    _received = 0

    @property
    def is_too_large(self) -> bool:
        return self._received > LONGEST_BODY

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802  Twisted's name
        self._received += len(data)
        if not self.is_too_large:
            super().handleContentChunk(data)
            return
        # Twisted would look for a form in it.
        self.content.seek(0)
        self.content.truncate()
        if self._received > MOST_FORGOTTEN:
            self.channel.forceAbortClient()

    def process(self) -> Any:
        if not self.is_too_large:
            return super().process()
        self.request_start = time.time()
        headers, body = too_large.answer(self.path, self.getHeader(b"accept") or b"", self._received)
        self.handle_reply({"type": "http.response.start", "status": 413, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": body})
        return None
