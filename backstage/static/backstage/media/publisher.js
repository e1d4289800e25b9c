// Sends my camera and microphone. The connection is made ready while I wait, so that being accepted costs one round.

import { letGo } from "../devices.js";
import { Refusal, Socket } from "../protocol.js";
import { RemoteCandidates, toWire } from "./candidates.js";
import { Patience } from "./patience.js";
import { withOpusDtx } from "./sdp.js";
import { Vigil } from "./vigil.js";
import { ignoreLate } from "./watcher.js";

/**
 * @typedef {object} Prepared  An offer that waits to be sent.
 * @property {RTCPeerConnection} connection
 * @property {Vigil} vigil
 * @property {RTCRtpSender} audio
 * @property {RTCRtpSender} video
 * @property {RemoteCandidates} remote
 * @property {Promise<void>} offered  the local description is set
 * @property {boolean} sent
 */

export class Publisher {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {Prepared | null} */
  #prepared = null;
  #patience = new Patience(() => void this.#publish());
  #wanted = false;
  /** The server has told us how to connect, on the line that is up now. */
  #configured = false;

  /**
   * @param {Socket} socket
   * @param {(refusal: Refusal) => void} refused  will not be tried again
   */
  constructor(socket, refused) {
    this.socket = socket;
    this.refused = refused;
    /** @type {RTCIceServer[]} */
    this.iceServers = [];
    /** Bits per second for one camera. */
    this.bitrate = 1_200_000;
    if (typeof addEventListener === "function") {
      // Another network has other addresses: what was gathered on the old one is worth nothing.
      addEventListener("online", () => {
        if (this.#prepared && !this.#prepared.sent) this.#prepare();
      });
    }
  }

  get isWanted() {
    return this.#wanted;
  }

  /** Take this stream, now and in place of an earlier one, and be ready to send it. @param {MediaStream} stream */
  hold(stream) {
    this.#stream = stream;
    for (const track of stream.getAudioTracks()) track.contentHint = "speech";
    for (const track of stream.getVideoTracks()) track.contentHint = "motion";
    if (this.#prepared) {
      // Without negotiating: https://www.w3.org/TR/webrtc/#dom-rtcrtpsender-replacetrack
      void this.#prepared.audio.replaceTrack(stream.getAudioTracks()[0] ?? null);
      void this.#prepared.video.replaceTrack(stream.getVideoTracks()[0] ?? null);
    } else {
      this.#prepare();
    }
  }

  /** I am on screen: send. */
  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#patience.now();
  }

  /** The line is new: the server has forgotten the old connection. @param {RTCIceServer[]} iceServers @param {number} bitrate */
  configure(iceServers, bitrate) {
    this.iceServers = iceServers;
    this.bitrate = bitrate;
    this.#configured = true;
    this.#again();
  }

  /** The line is lost. What is being sent may go on until there is a new one. */
  lineLost() {
    this.#configured = false;
  }

  #again() {
    if (!this.#stream) return;
    this.#prepare();
    if (this.#wanted) this.#patience.now();
  }

  /** Media are ready: send now, unless a connection stands or is being made. */
  ready() {
    if (!this.#wanted) return;
    const state = this.#prepared?.sent ? this.#prepared.connection.connectionState : undefined;
    if (!state || state === "disconnected" || state === "failed") this.#again();
  }

  /** The server says that the connection is over. */
  lost() {
    if (!this.#stream) return;
    this.#prepare();
    if (this.#wanted) this.#patience.later();
  }

  /** I am not on screen any more, or about to leave: stop sending, and let go of camera and microphone for certain. */
  stop() {
    const wasSent = this.#prepared?.sent;
    this.#wanted = false;
    this.#patience.reset();
    this.#drop();
    letGo(this.#stream);
    this.#stream = null;
    if (wasSent) this.socket.command("publish.stop").catch(ignoreLate);
  }

  /** @param {BackstageWire.Candidate} candidate */
  remoteCandidate(candidate) {
    if (this.#prepared) this.#prepared.remote.add(this.#prepared.connection, candidate);
  }

  /** Everything that can be done before being accepted: connection, offer, candidates. */
  #prepare() {
    this.#drop();
    const stream = this.#stream;
    if (!stream || !this.#configured) return;
    const connection = new RTCPeerConnection({ iceServers: this.iceServers, bundlePolicy: "max-bundle" });
    // Audio first, then video, both always: the server knows them by mid 0 and 1, also when one has no device.
    const audio = connection.addTransceiver(stream.getAudioTracks()[0] ?? "audio", {
      direction: "sendonly",
      streams: [stream],
    });
    const video = connection.addTransceiver(stream.getVideoTracks()[0] ?? "video", {
      direction: "sendonly",
      streams: [stream],
      sendEncodings: [{ maxBitrate: this.bitrate }],
    });
    preferVp8(video);
    /** @type {Prepared} */
    const prepared = {
      connection,
      vigil: new Vigil(connection, {
        connected: () => {
          performance.mark("hopin:connected");
          this.#patience.reset();
        },
        lost: () => this.#failed(prepared),
      }),
      audio: audio.sender,
      video: video.sender,
      remote: new RemoteCandidates(),
      offered: connection.setLocalDescription(),
      sent: false,
    };
    this.#prepared = prepared;
    prepared.offered.catch(() => this.#failed(prepared));
    connection.onicecandidate = ({ candidate }) => {
      // Until the offer is sent its own text collects them.
      if (prepared.sent) this.#sendCandidate(candidate);
    };
  }

  async #publish() {
    if (!this.#wanted || !this.#configured) return;
    if (!this.#prepared || this.#prepared.sent) this.#prepare();
    const prepared = this.#prepared;
    if (!prepared) return;
    try {
      await prepared.offered;
      if (this.#prepared !== prepared || !this.#wanted) return;
      const { connection } = prepared;
      prepared.sent = true;
      performance.mark("hopin:offer-sent");
      const replied = this.socket.command("publish.start", { sdp: connection.localDescription?.sdp });
      if (connection.iceGatheringState === "complete") this.#sendCandidate(null);
      const { answer } = await replied;
      if (this.#prepared !== prepared) return;
      performance.mark("hopin:answer");
      await connection.setRemoteDescription({ type: "answer", sdp: withOpusDtx(answer) });
      prepared.remote.flush(connection);
      if (this.#prepared === prepared) prepared.vigil.exchanged();
    } catch (error) {
      if (this.#prepared === prepared) this.#refusedOrFailed(prepared, error);
    }
  }

  /** @param {Prepared} prepared @param {unknown} error */
  #refusedOrFailed(prepared, error) {
    const code = error instanceof Refusal ? error.code : "";
    if (code === "publish.not_on_screen" || code === "publish.unfit") {
      this.#wanted = false;
      this.#prepare();
      // Not on screen is no news: the tiles say so too, and then devices are let go.
      if (code !== "publish.not_on_screen") this.refused(/** @type {Refusal} */ (error));
    } else if (code !== "disconnected") {
      // Most of all `media.not_ready`. Whether I am on screen the tiles say, so nothing but them ends the trying.
      this.#failed(prepared);
    }
  }

  /** @param {Prepared} prepared */
  #failed(prepared) {
    if (this.#prepared === prepared) this.lost();
  }

  /** @param {RTCIceCandidate | null} candidate */
  #sendCandidate(candidate) {
    this.socket.command("publish.candidate", { candidate: toWire(candidate) }).catch(ignoreLate);
  }

  #drop() {
    const prepared = this.#prepared;
    if (!prepared) return;
    this.#prepared = null;
    prepared.vigil.end();
    prepared.connection.onicecandidate = null;
    prepared.connection.close();
  }
}

/**
 * VP8 first: Janus stores its keyframes cleanly for those who join the Stage later, H.264's not.
 * Safari and Firefox would otherwise put H.264 or VP8 as they like. Firefox knows this call since 128.
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
