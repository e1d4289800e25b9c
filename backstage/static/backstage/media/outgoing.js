// A PeerConnection that sends one sound and one picture: the server knows them by mid 0 and 1.

/**
 * @typedef {object} Outgoing
 * @property {RTCPeerConnection} connection
 * @property {RTCRtpSender} audio
 * @property {RTCRtpSender} video
 */

/**
 * Both m-lines are always there, also when one has nothing to send.
 *
 * @param {RTCIceServer[]} iceServers
 * @param {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null, stream: MediaStream, bitrate: number }} what
 *   bitrate: bits per second for the picture
 * @returns {Outgoing}
 */
export function outgoing(iceServers, { audio, video, stream, bitrate }) {
  const connection = new RTCPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
  const sound = connection.addTransceiver(audio ?? "audio", { direction: "sendonly", streams: [stream] });
  const picture = connection.addTransceiver(video ?? "video", {
    direction: "sendonly",
    streams: [stream],
    sendEncodings: [{ maxBitrate: bitrate }],
  });
  preferVp8(picture);
  return { connection, audio: sound.sender, video: picture.sender };
}

/**
 * VP8 first: Janus stores its keyframes cleanly for those who join the Stage later, H.264's not.
 * Safari would otherwise take H.264 (not tried): https://webkit.org/blog/8672/on-the-road-to-webrtc-1-0-including-vp8/
 * Firefox puts VP8 or H.264 as it likes, and knows this call since 128.
 * https://developer.mozilla.org/en-US/docs/Web/API/RTCRtpTransceiver/setCodecPreferences#browser_compatibility
 *
 * @param {RTCRtpTransceiver} transceiver
 */
function preferVp8(transceiver) {
  const codecs = RTCRtpReceiver.getCapabilities("video")?.codecs;
  if (!codecs || !("setCodecPreferences" in transceiver)) return;
  const isVp8 = (/** @type {RTCRtpCodec} */ codec) => codec.mimeType.toLowerCase() === "video/vp8";
  transceiver.setCodecPreferences([...codecs.filter(isVp8), ...codecs.filter((codec) => !isVp8(codec))]);
}
