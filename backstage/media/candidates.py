"""ICE candidates between the wire's words and Janus's."""

from backstage import messages
from janus.jsep import Candidate


def from_page(candidate: messages.Candidate) -> Candidate | None:
    """None: the page has no more."""
    # An empty string is how some browsers say "no more": https://w3c.github.io/webrtc-pc/#dom-rtcicecandidate-candidate
    if not candidate.candidate:
        return None
    return Candidate(
        candidate=candidate.candidate,
        sdp_mid=candidate.sdp_mid,
        sdp_m_line_index=candidate.sdp_m_line_index,
    )


def to_page(candidate: Candidate | None) -> messages.Candidate:
    if candidate is None:
        return messages.Candidate(candidate=None)
    return messages.Candidate(
        candidate=candidate.candidate,
        sdp_mid=candidate.sdp_mid,
        sdp_m_line_index=candidate.sdp_m_line_index,
    )
