"""A black picture as VP8 in RTP, for a mountpoint that would otherwise go on giving out the last one it was sent.

With `bufferkf` Janus 1.1.2 keeps the last whole keyframe of each video for whoever comes later. Nothing but
another keyframe replaces it, and that counts as whole only when a packet with another timestamp follows:
https://github.com/meetecho/janus-gateway/blob/v1.1.2/src/plugins/janus_streaming.c#L9083
"""

import secrets
import struct

from janus.streaming import VP8_PAYLOAD_TYPE

# A frame of 16 by 16 pixels, Y 16, U and V 128, as libvpx makes it: with PyAV, encode(VideoFrame(16, 16, "yuv420p")) of
# CodecContext.create("libvpx", "w"), its planes filled with these values. By RFC 6386, section 9.1: 10 02 00 is a
# keyframe that is shown, with a first partition of 16 bytes; 9d 01 2a is its start code; 10 00 10 00 is its size.
BLACK_KEYFRAME = bytes.fromhex("1002009d012a100010000047088585888584880202000c0d6000feffab5080")
# RFC 7741, section 4.2: the first packet of the first partition, no picture number.
_DESCRIPTOR = b"\x10"
_FRAME_TICKS = 3000
# The packet that comes first may be taken for the end of a keyframe that was cut in the middle, whatever is in it. Then
# the second begins the black one, and the third completes it.
FRAMES = 3


def black_frames() -> list[bytes]:
    """A stream of its own: whoever gets other packets before and behind sees the SSRC change."""
    ssrc, sequence = secrets.randbelow(2**32 - 1) + 1, secrets.randbelow(2**15)
    # Never 0, which Janus takes for "no keyframe has begun".
    first_tick = secrets.randbelow(2**31) + 1
    return [
        struct.pack(
            "!BBHII",
            2 << 6,
            1 << 7 | VP8_PAYLOAD_TYPE,
            sequence + number,
            first_tick + number * _FRAME_TICKS,
            ssrc,
        )
        + _DESCRIPTOR
        + BLACK_KEYFRAME
        for number in range(FRAMES)
    ]
