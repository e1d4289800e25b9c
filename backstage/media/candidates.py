"""ICE candidates between the wire's words and Janus's."""

from enum import Enum, auto

from backstage import messages
from backstage.media.sdp import fit_candidate, fit_candidate_position
from janus.jsep import Candidate


class Drop(Enum):
    """In place of a candidate that Janus is not told of."""

    DROP = auto()


def from_page(candidate: messages.Candidate) -> Candidate | Drop | None:
    """None: the page has no more. `Drop.DROP`: not one that Janus should know."""
    # An empty string is how some browsers say "no more": https://w3c.github.io/webrtc-pc/#dom-rtcicecandidate-candidate
    if not candidate.candidate:
        return None
    fitted = fit_candidate(candidate.candidate)
    if fitted is None or not fit_candidate_position(candidate.sdp_mid, candidate.sdp_m_line_index):
        return Drop.DROP
    return Candidate(candidate=fitted, sdp_mid=candidate.sdp_mid, sdp_m_line_index=candidate.sdp_m_line_index)


def to_page(candidate: Candidate | None) -> messages.Candidate:
    if candidate is None:
        return messages.Candidate(candidate=None)
    return messages.Candidate(
        candidate=candidate.candidate,
        sdp_mid=candidate.sdp_mid,
        sdp_m_line_index=candidate.sdp_m_line_index,
    )
