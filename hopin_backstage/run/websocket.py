"""Daphne's WebSocket, with an ear for silence, and bounded in both directions."""

import time
from typing import Any

import structlog
from daphne.ws_protocol import WebSocketProtocol
from django.utils.translation import gettext as _
from twisted.internet.error import ConnectionAborted
from twisted.internet.tcp import Connection
from twisted.python.failure import Failure

from hopin_backstage.realtime import codec
from hopin_backstage.realtime.close_codes import CLOSE_TOO_FAST, CLOSE_TOO_LARGE, CLOSE_TOO_SLOW
from hopin_backstage.realtime.frames import binary_frame, text_frame
from hopin_backstage.realtime.outlet import Outlet
from hopin_backstage.realtime.pace import Pace

log = structlog.get_logger(__name__)

#: Seconds of silence after which the other side is asked for a word, and that it has for its answer. It is looked at
#: once in `looks.ROUND_S`, so a network that vanished is noticed after at most 15.
ASK_AFTER_S, ANSWER_WITHIN_S = 3.0, 8.0

#: Commands that wait for their consumer: from so many on nothing more is read of the connection, until there are few
#: again. More may have been read already, but nobody may send so much at once (`commands.PACE_BURST`).
PAUSE_AT, GO_ON_AT, MOST_UNHANDLED = 32, 8, 400
#: Frames that one message may come in: each costs, also an empty one.
MOST_FRAGMENTS = 1000
#: Pings and pongs: at once, and a second from then on. Browsers send none but our pongs.
CONTROL_BURST, CONTROL_PER_S = 60, 5.0
#: Seconds that a connection which takes nothing keeps what waits for it, so that it may still read why it is closed.
READ_WHY_WITHIN_S = 5


class HeardProtocol(WebSocketProtocol):
    """A WebSocket that knows whether the other side is still there."""

    _asked_at: float | None

    def connectionMade(self) -> None:  # noqa: N802  Twisted's name
        self._hear()
        super().connectionMade()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        self._hear()
        super().dataReceived(data)

    def connectionLost(self, reason: Failure) -> None:  # noqa: N802
        # That the other side ended the connection is a word, too; that we gave it up is none.
        if not reason.check(ConnectionAborted):
            self._hear()
        super().connectionLost(reason)

    def check_timeouts(self) -> None:
        super().check_timeouts()
        if self.state != self.STATE_OPEN:
            return
        now = time.monotonic()
        if self._asked_at is None and now - self._heard_at > ASK_AFTER_S:
            self._asked_at = now
            self.sendPing()
        elif self.silent_s() > ANSWER_WITHIN_S:
            self.onAutoPingTimeout()

    def _hear(self) -> None:
        self._heard_at = time.monotonic()
        self._asked_at = None

    def silent_s(self) -> float:
        """Seconds for which a word has been asked for in vain: the network was not lost later than that."""
        return time.monotonic() - self._asked_at if self._asked_at is not None else 0.0


class BoundedProtocol(HeardProtocol):
    """What waits for the other side, and what of it waits for us, has an end. Everything that is sent, whoever sends
    it, goes through one outlet."""

    outlet: Outlet | None = None
    _is_paused = False
    _fragments = 0

    def connectionMade(self) -> None:  # noqa: N802
        super().connectionMade()
        self._control_pace = Pace(CONTROL_BURST, CONTROL_PER_S)
        # Whoever speaks no WebSocket is told so.
        self.failByDrop = False
        # Behind TLS the socket takes no bytes of ours.
        if isinstance(self.transport, Connection) and not self.transport.TLS:
            # Of HTTP, which would let us read again when a buffer is empty.
            self.transport.unregisterProducer()
            self.outlet = Outlet(self.transport, self._is_open, self._too_slow)

    def _is_open(self) -> bool:
        return bool(self.state == self.STATE_OPEN)

    # --- Outwards ----------------------------
    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802
        """Everything that autobahn sends: handshake, pings and pongs, closes."""
        if self.outlet is None or sync or chopsize or self.send_queue:
            super().sendData(data, sync, chopsize)
        else:
            self.outlet.put(data)

    def serverSend(self, content: Any, binary: bool = False) -> None:  # noqa: N802
        """What the consumer sends."""
        if self.state == self.STATE_CONNECTING:
            self.serverAccept()
        if self.state != self.STATE_OPEN:
            # A consumer hears of the end when it has done what it is doing.
            return
        if self.outlet is None:
            super().serverSend(content, binary)
        else:
            self.outlet.put(binary_frame(content) if binary else text_frame(content.encode()))

    def _too_slow(self) -> None:
        if self.state == self.STATE_OPEN:
            # Not its path: that is the secret of a Backstage.
            log.info("connection_too_slow", waiting_bytes=self.outlet.waiting if self.outlet else 0)
            self.closeHandshakeTimeout = READ_WHY_WITHIN_S
            self.sendClose(CLOSE_TOO_SLOW, "does not take what it is told")

    def sendCloseFrame(self, *arguments: Any, **named: Any) -> None:  # noqa: N802
        outlet, self.outlet = self.outlet, None
        # It is the last thing that is sent, and is sent in any case.
        try:
            super().sendCloseFrame(*arguments, **named)
        finally:
            self.outlet = outlet
            self._tell_outlet()
        self._go_on()

    def dropConnection(self, abort: bool = False) -> None:  # noqa: N802
        super().dropConnection(abort)
        self._tell_outlet()

    def _tell_outlet(self) -> None:
        if self.outlet is not None:
            self.outlet.look_again()

    # --- Inwards ----------------------------
    def dataReceived(self, data: bytes) -> None:  # noqa: N802
        # Of whoever was told to go for what they sent, nothing is looked at any more; autobahn ends the connection
        # after a moment.
        if not self.failedByMe:
            super().dataReceived(data)

    def _protocol_violation(self, reason: str) -> bool:
        super()._protocol_violation(reason)
        return True

    def _invalid_payload(self, reason: str) -> bool:
        super()._invalid_payload(reason)
        return True

    def onMessageBegin(self, isBinary: bool) -> None:  # noqa: N802, N803
        self._fragments = 0
        super().onMessageBegin(isBinary)

    def onMessageFrameBegin(self, length: int) -> None:  # noqa: N802
        super().onMessageFrameBegin(length)
        self._fragments += 1
        # Before it is here. A lower bound of autobahn's would hold for what we send, too.
        if self.message_data_total_length > codec.LONGEST_COMMAND or self._fragments > MOST_FRAGMENTS:
            self._too_large()

    def _max_message_size_exceeded(self, msg_size: int, max_msg_size: int, reason: str) -> None:
        self._too_large()

    def _too_large(self) -> None:
        if not self.failedByMe:
            self.serverSend(codec.encode_error(None, "too_large", _("This message is too large.")))
            self._end(CLOSE_TOO_LARGE, "too large")

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803
        if self.state != self.STATE_OPEN:
            return
        super().onMessage(payload, isBinary)
        unhandled = self.application_queue.qsize()
        if unhandled > MOST_UNHANDLED:
            self._end(CLOSE_TOO_FAST, "sent too much at once")
        elif unhandled >= PAUSE_AT and not self._is_paused:
            self._is_paused = True
            self.transport.pauseProducing()

    def taken(self) -> None:
        """The consumer has taken a command."""
        if self._is_paused and self.application_queue.qsize() <= GO_ON_AT:
            self._go_on()

    def _go_on(self) -> None:
        if self._is_paused:
            self._is_paused = False
            self._hear()
            self.transport.resumeProducing()

    def _end(self, close_code: int, reason: str) -> None:
        """Nothing more is taken of the other side."""
        self.failedByMe = True
        self.sendClose(close_code, reason)

    def onPing(self, payload: bytes) -> None:  # noqa: N802
        if self._may_control():
            super().onPing(payload)

    def onPong(self, payload: bytes) -> None:  # noqa: N802
        if self._may_control():
            super().onPong(payload)

    def _may_control(self) -> bool:
        if self.state != self.STATE_OPEN:
            return False
        if not self._control_pace.allows():
            self._end(CLOSE_TOO_FAST, "sent too much at once")
            return False
        return True

    def check_timeouts(self) -> None:
        if self._is_paused:
            # It may have said something that we have not read.
            self._hear()
        super().check_timeouts()
