"""As much of RTP and of VP8's payload descriptor (RFC 7741) as the tests look at."""

import asyncio
import socket
import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Packet:
    ssrc: int
    payload_type: int
    starts_keyframe: bool


def read(datagram: bytes) -> Packet:
    first, second, _, _, ssrc = struct.unpack("!BBHII", datagram[:12])
    at = 12 + 4 * (first & 0x0F)
    if first & 0x10:
        at += 4 + 4 * struct.unpack("!HH", datagram[at : at + 4])[1]
    return Packet(ssrc, second & 0x7F, _starts_keyframe(datagram[at:]))


def _starts_keyframe(payload: bytes) -> bool:
    if not payload or not (payload[0] & 0x10 and payload[0] & 0x07 == 0):
        return False  # not the first packet of a frame's first partition
    at = 1
    if payload[0] & 0x80:
        extended, at = payload[1], 2
        if extended & 0x80:
            at += 2 if payload[at] & 0x80 else 1
        at += bool(extended & 0x40) + bool(extended & 0x30)
    return len(payload) > at and payload[at] & 0x01 == 0


async def receive(receiver: socket.socket, within_s: float = 3.0) -> Packet:
    async with asyncio.timeout(within_s):
        return read(await asyncio.get_running_loop().sock_recv(receiver, 2048))
