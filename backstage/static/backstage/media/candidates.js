// ICE candidates between RTCPeerConnection and the wire.

/** @param {RTCIceCandidate | null} candidate @returns {BackstageWire.Candidate} */
export function toWire(candidate) {
  // Both mean the end: null of all candidates, "" of this round of them.
  // https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceevent-candidate
  if (!candidate?.candidate) return { candidate: null, sdp_mid: null, sdp_m_line_index: null };
  return {
    candidate: candidate.candidate,
    sdp_mid: candidate.sdpMid,
    sdp_m_line_index: candidate.sdpMLineIndex,
  };
}

/** Holds the other side's candidates until there is a description that they belong to. */
export class RemoteCandidates {
  /** @type {BackstageWire.Candidate[]} */
  #early = [];

  /** @param {RTCPeerConnection} connection @param {BackstageWire.Candidate} candidate */
  add(connection, candidate) {
    if (connection.remoteDescription) void apply(connection, candidate);
    else this.#early.push(candidate);
  }

  /** The remote description is set. @param {RTCPeerConnection} connection */
  flush(connection) {
    for (const candidate of this.#early.splice(0)) void apply(connection, candidate);
  }
}

/** @param {RTCPeerConnection} connection @param {BackstageWire.Candidate} candidate */
async function apply(connection, candidate) {
  try {
    // `undefined` says the end of all candidates; Janus ends them for the whole connection.
    await connection.addIceCandidate(
      candidate.candidate === null
        ? undefined
        : {
            candidate: candidate.candidate,
            sdpMid: candidate.sdp_mid,
            // Janus numbers the m-line when it does not name it.
            sdpMLineIndex: candidate.sdp_m_line_index ?? (candidate.sdp_mid === null ? 0 : null),
          },
    );
  } catch {
    // One candidate that cannot be used leaves the others; if none is left, the connection fails and is built anew.
  }
}
