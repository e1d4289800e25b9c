"""Where packets come in: one UDP socket on loopback for each forwarded medium."""

import socket

# Several times a 1500-byte packet. A datagram that fills it may have lost its end, so it counts as no packet.
DATAGRAM_BYTES = 2048
# The kernel holds packets here while the event loop is busy elsewhere. It caps the figure at
# net.core.rmem_max, without an error, and doubles it for its own bookkeeping.
RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024
# Above what a receive buffer of that size can hold (about 11,000 of the smallest datagrams), so reading this
# many certainly reaches everything that had arrived when the reading began, and yet ends in any flood.
WHOLE_BACKLOG = 16_384

# Packets with one timestamp are one frame; a keyframe of a shared screen has a hundred or two. A sender who never ends
# a frame would let the mountpoint keep every packet of it.
FRAME_PACKETS = 400
# Janus takes this timestamp for "no keyframe has begun", and keeps each packet that has it. An honest video passes it
# once in thirteen hours, for a fraction of a second.
_NO_TIMESTAMP = bytes(4)

_RTP_HEADER_BYTES = 12
_RTP_VERSION = 2


def looks_like_rtp(datagram: bytes) -> bool:
    """Cheap sanity check: long enough for an RTP header, version 2, and not cut off by our own read."""
    return _RTP_HEADER_BYTES <= len(datagram) < DATAGRAM_BYTES and datagram[0] >> 6 == _RTP_VERSION


class Input:
    """One medium's socket, its port chosen by the kernel. Never blocks."""

    def __init__(self, index: int, mid: str, slot: int, host: str) -> None:
        self.index = index
        self.mid = mid
        self.slot = slot
        self.is_video = mid.startswith("v")
        self.accepting = True
        self._timestamp = b""
        self._with_this_timestamp = 0
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            self._socket.bind((host, 0))
        except OSError:
            self._socket.close()
            raise

    @property
    def port(self) -> int:
        """The UDP port to forward this medium to."""
        port: int = self._socket.getsockname()[1]
        return port

    def fileno(self) -> int:
        """For `loop.add_reader`."""
        return self._socket.fileno()

    def read(self, at_most: int) -> list[bytes]:
        """Up to `at_most` datagrams that have already arrived, oldest first."""
        receive = self._socket.recv
        datagrams: list[bytes] = []
        try:
            for _ in range(at_most):
                datagrams.append(receive(DATAGRAM_BYTES))  # noqa: PERF401 - what was read must survive the exception
        except BlockingIOError:
            pass
        return datagrams

    def is_endless(self, packet: bytes) -> bool:
        """Whether a video packet belongs to a frame that has gone on for too long."""
        timestamp = packet[4:8]
        if timestamp != self._timestamp:
            self._timestamp = timestamp
            self._with_this_timestamp = FRAME_PACKETS if timestamp == _NO_TIMESTAMP else 0
        self._with_this_timestamp += 1
        return self._with_this_timestamp > FRAME_PACKETS

    def close(self) -> None:
        """Close the socket; what was not read is lost."""
        self._socket.close()
