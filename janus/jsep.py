"""What two WebRTC peers tell each other: an offer or answer (JSEP), and ICE candidates."""

from typing import Literal

import msgspec


class Jsep(msgspec.Struct, frozen=True):
    """An offer or an answer. `sdp` is the whole SDP text, lines ended by CRLF."""

    type: Literal["offer", "answer"]
    sdp: str


class Candidate(
    msgspec.Struct, frozen=True, rename={"sdp_mid": "sdpMid", "sdp_m_line_index": "sdpMLineIndex"}
):
    """One ICE candidate, as a browser's `RTCIceCandidate` holds it."""

    candidate: str
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None
