"""Where packets go: one connected UDP socket for each medium of the mountpoint."""

import ipaddress
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Address = tuple[str, int]

# A burst after a busy moment should wait in the kernel, not be refused.
_SEND_BUFFER_BYTES = 1024 * 1024


@dataclass(slots=True)
class SendCounts:
    """Packets. `refused` are among those `sent`: the refusal comes back after the packet has gone."""

    sent: int = 0
    unsent: int = 0
    refused: int = 0
    blocked: int = 0
    failed: int = 0


class Output:
    """A socket connected to one port, because only a connected one hears that nobody listens there."""

    def __init__(self, address: Address, counts: SendCounts) -> None:
        self.address = address
        self._counts = counts
        # No names: resolving one would block the event loop.
        version = ipaddress.ip_address(address[0]).version
        if not 0 < address[1] <= 0xFFFF:
            raise ValueError(f"{address[1]} is no port")
        self._socket = socket.socket(socket.AF_INET if version == 4 else socket.AF_INET6, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
            self._socket.connect(address)
        except OSError:
            self._socket.close()
            raise
        self._send = self._socket.send

    def send(self, packet: bytes) -> bool:
        """Whether the kernel took the packet. Counts, never raises."""
        try:
            self._send(packet)
        except ConnectionRefusedError:
            # This speaks of an earlier packet, and reporting it clears it: the present one has yet to go.
            self._counts.refused += 1
            return self._send_again(packet)
        except BlockingIOError:
            self._counts.blocked += 1
            return False
        except OSError:
            self._counts.failed += 1
            return False
        self._counts.sent += 1
        return True

    def was_refused(self) -> bool:
        """Whether a refusal of the last packet has come back already, which on loopback is at once."""
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
            return False
        self._counts.refused += 1
        return True

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _send_again(self, packet: bytes) -> bool:
        try:
            self._send(packet)
        except OSError:
            self._counts.failed += 1
            return False
        self._counts.sent += 1
        return True


class Outputs:
    """The present target of each medium; None where its packets have nowhere to go."""

    def __init__(self, mids: Sequence[str]) -> None:
        self.counts = SendCounts()
        self._mids = tuple(mids)
        self.by_index: list[Output | None] = [None] * len(self._mids)

    def videos(self) -> list[Output]:
        """Those that are connected."""
        return [
            output
            for mid, output in zip(self._mids, self.by_index, strict=True)
            if output is not None and mid.startswith("v")
        ]

    def connect(self, addresses: Mapping[str, Address]) -> None:
        """Send to `addresses` by mid from now on. Raises and changes nothing if one is impossible."""
        unknown = set(addresses) - set(self._mids)
        if unknown:
            raise ValueError(f"no such mid: {', '.join(sorted(unknown))}")
        fresh: list[Output | None] = [None] * len(self._mids)
        try:
            for index, mid in enumerate(self._mids):
                if mid in addresses:
                    fresh[index] = Output(addresses[mid], self.counts)
        except Exception:
            _close(fresh)
            raise
        _close(self.by_index)
        self.by_index = fresh


def _close(outputs: Sequence[Output | None]) -> None:
    for output in outputs:
        if output is not None:
            output.close()
